import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '../../../src/sql/postgres/index.js';
import { openSqlite } from '../../../src/sql/sqlite/index.js';
import { openTestPostgres } from '../../contract/open-test-postgres.js';
import { sqlDatabaseContract } from '../../contract/sql-database.js';

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stageflow-sql-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

sqlDatabaseContract('SQLite in memory', async () => openSqlite(':memory:'));
sqlDatabaseContract('A SQLite file', async () => openSqlite(join(folder, `${++files}.db`), { durability: 'full' }));
sqlDatabaseContract('PostgreSQL', openTestPostgres);

describe('A SQLite file', () => {
  it('keeps what was written, for the next who opens it and for others at the same time', async () => {
    const path = join(folder, 'kept.db');
    const first = openSqlite(path);
    await first.run('CREATE TABLE notes (id TEXT)');
    const second = openSqlite(path);
    await second.run('INSERT INTO notes VALUES (?)', ['a']);
    expect(await first.all('SELECT id FROM notes')).toEqual([{ id: 'a' }]);
    await first.close();
    await second.close();
    const third = openSqlite(path);
    expect(await third.all('SELECT id FROM notes')).toEqual([{ id: 'a' }]);
    await third.close();
  });

  it('that cannot be opened is reported as such', () => {
    expect(() => openSqlite(join(folder, 'no', 'such', 'folder.db'))).toThrow(
      expect.objectContaining({ code: 'SQL_FAILED', summary: 'The database did not carry out "OPEN DATABASE".' }),
    );
  });
});

describe('PostgreSQL that cannot be reached', () => {
  it('is reported by what needs it', async () => {
    const database = openPostgres({ host: '127.0.0.1', port: 1, max: 1 });
    await expect(database.run('SELECT 1')).rejects.toMatchObject({ code: 'SQL_FAILED' });
    await expect(database.transaction((tx) => tx.run('SELECT 1'))).rejects.toMatchObject({ code: 'SQL_FAILED' });
    await database.close();
  });
});
