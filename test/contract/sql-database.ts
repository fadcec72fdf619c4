import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SqlDatabase, SqlTables } from '../../src/sql/index.js';
import { Gate } from '../../src/testing/index.js';

const failure = (code: string) => expect.objectContaining({ code });

/** The suite that every `SqlDatabase` passes. `open` gives an empty database each time. */
export function sqlDatabaseContract(name: string, open: () => Promise<SqlDatabase>): void {
  describe(`${name} as a database`, () => {
    let database: SqlDatabase;
    beforeEach(async () => {
      database = await open();
      await database.run('CREATE TABLE notes (id TEXT PRIMARY KEY, at BIGINT, share DOUBLE PRECISION, body TEXT)');
    });
    afterEach(() => database.close());
    itCarriesOutStatements(() => database);
    itKeepsTransactionsWhole(() => database);
    itEnds(() => database);
  });
}

const put = (database: SqlDatabase, id: string, at: number | null = null) =>
  database.run('INSERT INTO notes (id, at) VALUES (?, ?)', [id, at]);
const ids = async (database: SqlDatabase) =>
  (await database.all<{ id: string }>('SELECT id FROM notes ORDER BY id')).map(({ id }) => id);

function itCarriesOutStatements(database: () => SqlDatabase): void {
  it('gives back texts, numbers and null as they were put', async () => {
    const at = 1_790_000_000_123;
    const body = 'it\'s "ünï" \u{1f600} ? -- \n{"a":1}';
    await database().run('INSERT INTO notes VALUES (?, ?, ?, ?)', ['a', at, 0.25, body]);
    await database().run('INSERT INTO notes VALUES (?, ?, ?, ?)', ['b', null, null, null]);
    expect(await database().all('SELECT * FROM notes ORDER BY id')).toEqual([
      { id: 'a', at, share: 0.25, body },
      { id: 'b', at: null, share: null, body: null },
    ]);
  });

  it('takes ? for a value only where a value can stand', async () => {
    const rows = await database().all(
      `SELECT 'a?''?' AS "wh?t", ${'CAST(? AS TEXT)'} AS given /* ? */ FROM (SELECT 1 AS one) AS t -- ?`,
      ['x'],
    );
    expect(rows).toEqual([{ 'wh?t': "a?'?", given: 'x' }]);
  });

  it('says how many rows a statement changed', async () => {
    await put(database(), 'a', 1);
    await put(database(), 'b', 2);
    expect(await database().run('UPDATE notes SET at = at + 1 WHERE at > ?', [0])).toEqual({ changes: 2 });
    expect(await database().run('DELETE FROM notes WHERE id = ?', ['none'])).toEqual({ changes: 0 });
    const again = await database().run('INSERT INTO notes (id) VALUES (?) ON CONFLICT (id) DO NOTHING', ['a']);
    expect(again).toEqual({ changes: 0 });
  });

  it('names the statement that fails, and not its values', async () => {
    await put(database(), 'a');
    const error: unknown = await put(database(), 'a', 42).catch((caught: unknown) => caught);
    expect(error).toEqual(failure('SQL_FAILED'));
    expect(error).toMatchObject({
      summary: 'The database did not carry out "INSERT INTO notes (id, at) VALUES …".',
      cause: expect.any(Error),
    });
  });

  it('makes tables once, and again if that failed', async () => {
    const tables = new SqlTables(database(), ['CREATE TABLE IF NOT EXISTS more (id TEXT)']);
    await Promise.all([tables.ready(), tables.ready()]);
    const impossible = new SqlTables(database(), ['CREATE TABLE nonsense']);
    await expect(impossible.ready()).rejects.toEqual(failure('SQL_FAILED'));
    await expect(impossible.ready()).rejects.toEqual(failure('SQL_FAILED'));
    expect(await database().all('SELECT * FROM more')).toEqual([]);
  });
}

function itKeepsTransactionsWhole(database: () => SqlDatabase): void {
  it('keeps all of a transaction or nothing', async () => {
    const result = await database().transaction(async (tx) => {
      await put(tx, 'a');
      return ids(tx);
    });
    expect(result).toEqual(['a']);
    const stopped = new Error('stop');
    const undone = database().transaction(async (tx) => {
      await put(tx, 'b');
      throw stopped;
    });
    await expect(undone).rejects.toBe(stopped);
    expect(await ids(database())).toEqual(['a']);
  });

  it('undoes a transaction in a transaction alone', async () => {
    await database().transaction(async (tx) => {
      await put(tx, 'a');
      const inner = tx.transaction(async (deeper) => {
        await put(deeper, 'b');
        await put(deeper, 'a');
      });
      await expect(inner).rejects.toEqual(failure('SQL_FAILED'));
      await tx.transaction((deeper) => put(deeper, 'c'));
    });
    expect(await ids(database())).toEqual(['a', 'c']);
  });

  it('keeps what others do out of a transaction', async () => {
    const [begun, gate] = [new Gate(), new Gate()];
    const failing = database().transaction(async (tx) => {
      await put(tx, 'a');
      begun.open();
      await gate.passed;
      throw new Error('stop');
    });
    await begun.passed;
    const other = put(database(), 'b');
    gate.open();
    await expect(failing).rejects.toThrow('stop');
    await other;
    expect(await ids(database())).toEqual(['b']);
  });

  it('counts right when many add at once', async () => {
    await put(database(), 'sum', 0);
    const add = async (tx: SqlDatabase) => {
      const [row] = await tx.all<{ at: number }>(`SELECT at FROM notes WHERE id = ?${lock(tx)}`, ['sum']);
      await tx.run('UPDATE notes SET at = ? WHERE id = ?', [(row?.at ?? 0) + 1, 'sum']);
    };
    await Promise.all(Array.from({ length: 20 }, () => database().transaction(add)));
    expect(await database().all('SELECT at FROM notes')).toEqual([{ at: 20 }]);
  });
}

const lock = ({ dialect }: SqlDatabase) => (dialect === 'postgres' ? ' FOR UPDATE' : '');

function itEnds(database: () => SqlDatabase): void {
  it('refuses what comes after its end, or after that of a transaction', async () => {
    let kept: SqlDatabase | undefined;
    await database().transaction(async (tx) => {
      kept = tx;
    });
    await expect(put(kept as SqlDatabase, 'a')).rejects.toEqual(failure('SQL_CLOSED'));
    const last = put(database(), 'a');
    await last;
    await database().close();
    await database().close();
    await expect(put(database(), 'b')).rejects.toEqual(failure('SQL_CLOSED'));
    await expect(database().transaction(ids)).rejects.toEqual(failure('SQL_CLOSED'));
  });
}
