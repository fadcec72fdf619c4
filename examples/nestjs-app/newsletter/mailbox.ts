import { Injectable } from '@nestjs/common';
import { Database } from '../storage/database.js';

/** Stands for a mail service: what is in here has left the house. */
@Injectable()
export class Mailbox {
  constructor(private readonly database: Database) {}

  async readersOf(org: string): Promise<readonly string[]> {
    const sql = await this.database.open();
    const rows = await sql.all<{ address: string }>('SELECT address FROM readers WHERE org = ? ORDER BY address', [
      org,
    ]);
    return rows.map(({ address }) => address);
  }

  /** @param once whoever sends again under the same key sends nothing */
  async send(org: string, once: string, slug: string, addresses: readonly string[]): Promise<void> {
    const sql = await this.database.open();
    await sql.transaction(async (tx) => {
      for (const address of addresses) {
        await tx.run('INSERT OR IGNORE INTO mail (org, once, slug, address) VALUES (?, ?, ?, ?)', [
          org,
          once,
          slug,
          address,
        ]);
      }
    });
  }

  async sent(org: string): Promise<readonly { readonly slug: string; readonly address: string }[]> {
    const sql = await this.database.open();
    return sql.all('SELECT slug, address FROM mail WHERE org = ? ORDER BY slug, address', [org]);
  }
}
