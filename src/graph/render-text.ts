import type { StageSpec } from '../stage/index.js';
import { quoteIfNeeded } from './quote.js';
import type { StageGraph } from './stage-graph.js';

const WIDEST_COLUMN = 40;

/**
 * The graph as lines for a terminal, grouped by level: a stage stands below everything it waits for. The same graph
 * always gives the same text, and no name can smuggle control sequences into it.
 */
export function renderText(graph: StageGraph): string {
  const count = graph.size === 1 ? '1 stage' : `${graph.size} stages`;
  const limit = graph.maxConcurrency === null ? '' : `, at most ${graph.maxConcurrency} at once`;
  const lines = [`pipeline ${quoteIfNeeded(graph.name)}: ${count}, ${graph.failurePolicy}${limit}`];
  const names = graph.stages.map(({ name }) => quoteIfNeeded(name));
  const width = Math.min(
    WIDEST_COLUMN,
    names.reduce((widest, name) => Math.max(widest, name.length), 0),
  );
  for (const [level, members] of levelsOf(graph).entries()) {
    lines.push(`level ${level + 1}`);
    for (const index of members) {
      const { kind } = graph.stages[index]!;
      const facts = factsOf(graph.stages[index]!);
      lines.push(`  ${names[index]!.padEnd(width)}  ${kind.padEnd(9)}  ${facts}`.trimEnd());
    }
  }
  return `${lines.join('\n')}\n`;
}

function factsOf({
  dependsOn,
  condition,
  timeoutMs,
  priority,
  retryFrom,
  quorums,
  compensates,
  idempotent,
}: StageSpec): string {
  const facts: string[] = [];
  const counted = new Set(quorums?.flatMap(({ of }) => of));
  const after = dependsOn.filter(({ stage, optional }) => stage !== condition && !(optional && counted.has(stage)));
  if (condition !== null) facts.push(`when ${quoteIfNeeded(condition)}`);
  if (after.length > 0) {
    facts.push(
      `after ${after.map(({ stage, optional }) => quoteIfNeeded(stage) + (optional ? ' (optional)' : '')).join(', ')}`,
    );
  }
  for (const { atLeast, of } of quorums ?? [])
    facts.push(`after at least ${atLeast} of ${of.map(quoteIfNeeded).join(', ')}`);
  if (retryFrom !== undefined)
    facts.push(`retries from ${quoteIfNeeded(retryFrom.stage)}, ${retryFrom.attempts} attempts`);
  if (compensates) facts.push('can be undone');
  if (idempotent) facts.push('can be repeated');
  if (timeoutMs !== null) facts.push(`timeout ${timeoutMs} ms`);
  if (priority !== 0) facts.push(`priority ${priority}`);
  return facts.join('; ');
}

/** Stage indexes by level, each level in declaration order. */
function levelsOf({ size, topology: { order, dependencies } }: StageGraph): number[][] {
  const levelOf = new Int32Array(size);
  for (const index of order) {
    for (const d of dependencies[index]!) levelOf[index] = Math.max(levelOf[index]!, levelOf[d]! + 1);
  }
  const levels: number[][] = [];
  for (let index = 0; index < size; index++) {
    levels[levelOf[index]!] ??= [];
    levels[levelOf[index]!]!.push(index);
  }
  return levels;
}
