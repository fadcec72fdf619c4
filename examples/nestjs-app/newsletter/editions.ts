import { Injectable } from '@nestjs/common';
import { Database } from '../storage/database.js';
import type { Draft } from './draft.js';

/** The texts of a publishing house. */
@Injectable()
export class Editions {
  constructor(private readonly database: Database) {}

  async find(org: string, slug: string): Promise<Draft | null> {
    const sql = await this.database.open();
    const query = 'SELECT slug, title, text FROM editions WHERE org = ? AND slug = ?';
    const [edition] = await sql.all<Draft>(query, [org, slug]);
    return edition ?? null;
  }

  async save(org: string, { slug, title, text }: Draft): Promise<void> {
    const sql = await this.database.open();
    await sql.run(
      `INSERT INTO editions (org, slug, title, text) VALUES (?, ?, ?, ?)
        ON CONFLICT (org, slug) DO UPDATE SET title = excluded.title, text = excluded.text`,
      [org, slug, title, text],
    );
  }

  async remove(org: string, slug: string): Promise<void> {
    const sql = await this.database.open();
    await sql.run('DELETE FROM editions WHERE org = ? AND slug = ?', [org, slug]);
  }
}
