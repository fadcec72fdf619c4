import type { SqlDatabase, SqlValue } from '../sql/index.js';

type Line = readonly [tenant: string, runId: string, sequence: number, body: string];

/** How many lines go into one statement: few different numbers, so that few statements are prepared. */
const GROUPS = [64, 8, 1];
const statements = new Map(GROUPS.map((size) => [size, insertOf(size)]));

/** A line that is there already fails the statement: the sequence is part of the key. */
export async function insertLines(tx: SqlDatabase, lines: readonly Line[]): Promise<void> {
  let next = 0;
  for (const size of GROUPS) {
    for (; lines.length - next >= size; next += size) {
      const params: SqlValue[] = [];
      for (let index = next; index < next + size; index++) params.push(...(lines[index] as Line));
      await tx.run(statements.get(size) as string, params);
    }
  }
}

function insertOf(lines: number): string {
  const values = Array.from({ length: lines }, () => '(?, ?, ?, ?)').join(', ');
  return `INSERT INTO stageflow_journal (tenant, run, line, body) VALUES ${values}`;
}
