import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileJournalStore, MemoryJournalStore, SqlJournalStore } from '../../../src/journal/index.js';
import { openSqlite } from '../../../src/sql/sqlite/index.js';
import { journalStoreContract } from '../../contract/journal-store.js';
import { openTestPostgres } from '../../contract/open-test-postgres.js';

let folder: string;
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stageflow-journal-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

journalStoreContract('Memory', async () => {
  const store = new MemoryJournalStore();
  return { store, other: store };
});

journalStoreContract('A folder of files', async () => {
  const path = join(folder, `${++count}`);
  return { store: new FileJournalStore(path), other: new FileJournalStore(path, { durability: 'full' }) };
});

journalStoreContract('A SQLite file', async () => {
  const path = join(folder, `${++count}.db`);
  return { store: new SqlJournalStore(openSqlite(path)), other: new SqlJournalStore(openSqlite(path)) };
});

journalStoreContract('PostgreSQL', async () => {
  const database = await openTestPostgres();
  return { store: new SqlJournalStore(database), other: new SqlJournalStore(database) };
});

describe('A folder of files', () => {
  it('passes over what a killed writer left half-written', async () => {
    const path = join(folder, `${++count}`);
    const key = { tenant: null, runId: 'run-1' };
    const opens = { pipeline: 'crawl', userId: null, startedAt: 1, until: 2 };
    await new FileJournalStore(path).append([{ key, owner: 'first', sequence: 0, body: '{"whole":true}', opens }]);
    const [run = ''] = readdirSync(join(path, 'none'));
    appendFileSync(join(path, 'none', run, '1.jsonl'), '1 {"half":"wri');
    const next = new FileJournalStore(path);
    expect(await next.read(key)).toEqual(['{"whole":true}']);
    expect(await next.claim(key, { owner: 'second', until: 9 }, 3, () => false)).toBe(true);
    await next.append([{ key, owner: 'second', sequence: 1, body: '{"second":true}' }]);
    appendFileSync(join(path, 'none', run, '1.jsonl'), 'tten"}\n2 {"late":true}\n');
    expect(await new FileJournalStore(path).read(key)).toEqual(['{"whole":true}', '{"second":true}']);
  });
});
