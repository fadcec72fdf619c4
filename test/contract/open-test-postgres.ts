/*
 * The PostgreSQL that tests use: the server at STAGEFLOW_POSTGRES_URL, in a schema of its own, or one inside this process.
 */
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import type { SqlDatabase } from '../../src/sql/index.js';
import {
  openPostgres,
  type PostgresClient,
  type PostgresPool,
  type PostgresQuery,
} from '../../src/sql/postgres/index.js';

/** An empty database. Inside this process there is only one at a time: opening it again empties it. */
export function openTestPostgres(): Promise<SqlDatabase> {
  const url = process.env.STAGEFLOW_POSTGRES_URL;
  return url === undefined ? openInside() : openOnServer(url);
}

let engine: PGlite | undefined;

// Starting it takes seconds, so that all tests of a file share it.
async function openInside(): Promise<SqlDatabase> {
  engine ??= new PGlite();
  await engine.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  return openPostgres(new LonePool(engine));
}

async function openOnServer(url: string): Promise<SqlDatabase> {
  const schema = `stageflow_test_${process.pid}_${Math.floor(Math.random() * 1e12)}`;
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`CREATE SCHEMA ${schema}`);
  const database = openPostgres({ connectionString: url, options: `-c search_path=${schema}` });
  const close = database.close.bind(database);
  let closing: Promise<void> | undefined;
  database.close = () => {
    closing ??= close()
      .then(() => client.query(`DROP SCHEMA ${schema} CASCADE`))
      .then(() => client.end());
    return closing;
  };
  return database;
}

/** A pool of the one connection that PGlite has. */
class LonePool implements PostgresPool {
  readonly #engine: PGlite;
  #free: Promise<void> = Promise.resolve();

  constructor(engine: PGlite) {
    this.#engine = engine;
  }

  async connect(): Promise<PostgresClient> {
    const before = this.#free;
    let release = () => {};
    this.#free = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return { query: (query) => this.#send(query), release: () => release() };
  }

  async query(query: PostgresQuery) {
    const client = await this.connect();
    try {
      return await client.query(query);
    } finally {
      client.release();
    }
  }

  async end(): Promise<void> {}

  async #send({ text, values }: PostgresQuery) {
    const { rows, affectedRows } = await this.#engine.query(text, values);
    return { rows, rowCount: affectedRows ?? rows.length };
  }
}
