import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { openSqlite, type SqlDatabase } from 'stageflow/sqlite';
import { SETTINGS, type Settings } from '../settings.js';

const TABLES = [
  `CREATE TABLE IF NOT EXISTS editions (
    org TEXT NOT NULL, slug TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (org, slug))`,
  'CREATE TABLE IF NOT EXISTS readers (org TEXT NOT NULL, address TEXT NOT NULL, PRIMARY KEY (org, address))',
  `CREATE TABLE IF NOT EXISTS mail (
    org TEXT NOT NULL, once TEXT NOT NULL, slug TEXT NOT NULL, address TEXT NOT NULL, PRIMARY KEY (once, address))`,
  "INSERT OR IGNORE INTO readers VALUES ('acme', 'joy@acme.example'), ('acme', 'sam@acme.example')",
  "INSERT OR IGNORE INTO readers VALUES ('globex', 'kim@globex.example')",
];

/** The one file. Closed last, when no handler and no run is left that could use it. */
@Injectable()
export class Database implements OnApplicationShutdown {
  readonly sql: SqlDatabase;
  #ready: Promise<void> | null = null;

  constructor(@Inject(SETTINGS) { database }: Settings) {
    this.sql = openSqlite(database);
  }

  /** With the tables of the application, and somebody to write to. */
  async open(): Promise<SqlDatabase> {
    this.#ready ??= this.#make();
    await this.#ready;
    return this.sql;
  }

  onApplicationShutdown(): Promise<void> {
    return this.sql.close();
  }

  async #make(): Promise<void> {
    for (const statement of TABLES) await this.sql.run(statement);
  }
}
