import type { SqlDatabase } from 'stageflow/sqlite';

export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** How many orders they have made. */
  readonly orders: number;
}

export interface Order {
  readonly id: string;
  readonly orgId: string;
  readonly customerId: string;
  readonly item: string;
  readonly cents: number;
  readonly parcel: string;
  readonly refundedCents: number;
}

interface OrderRow {
  readonly id: string;
  readonly org_id: string;
  readonly customer_id: string;
  readonly item: string;
  readonly cents: number;
  readonly parcel: string;
  readonly refunded_cents: number;
}

const TABLES = [
  'CREATE TABLE IF NOT EXISTS customers (id TEXT PRIMARY KEY, org_id TEXT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL)',
  `CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, org_id TEXT NOT NULL, customer_id TEXT NOT NULL, item TEXT NOT NULL,
    cents INTEGER NOT NULL, parcel TEXT NOT NULL, refunded_cents INTEGER NOT NULL DEFAULT 0)`,
  'CREATE TABLE IF NOT EXISTS refunds (key TEXT PRIMARY KEY, order_id TEXT NOT NULL, cents INTEGER NOT NULL)',
];

/** What the shop knows, in a SQLite file. It says whose each order is; who may see it is for others to decide. */
export class ShopDatabase {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async open(): Promise<void> {
    for (const table of TABLES) await this.#database.run(table);
    await this.#database.run(
      "INSERT INTO customers VALUES ('c-1', 'acme', 'Mia Berg', 'mia@example.org') ON CONFLICT DO NOTHING",
    );
    const columns = '(id, org_id, customer_id, item, cents, parcel)';
    const orders =
      "('A-17', 'acme', 'c-1', 'glass kettle', 3900, 'P-900'), ('A-16', 'acme', 'c-1', 'tea cup', 800, 'P-871')";
    await this.#database.run(`INSERT INTO orders ${columns} VALUES ${orders} ON CONFLICT DO NOTHING`);
  }

  async customerOf(email: string, orgId: string): Promise<Customer | null> {
    const [row] = await this.#database.all<Omit<Customer, 'orders'>>(
      'SELECT id, name, email FROM customers WHERE email = ? AND org_id = ?',
      [email, orgId],
    );
    if (row === undefined) return null;
    const [count] = await this.#database.all<{ n: number }>('SELECT count(*) AS n FROM orders WHERE customer_id = ?', [
      row.id,
    ]);
    return { id: row.id, name: row.name, email: row.email, orders: count?.n ?? 0 };
  }

  async order(id: string): Promise<Order | null> {
    const [row] = await this.#database.all<OrderRow>('SELECT * FROM orders WHERE id = ?', [id]);
    return row === undefined ? null : orderOf(row);
  }

  /** Once per key, however often it is called with it. */
  async refund(orderId: string, cents: number, key: string): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const { changes } = await tx.run('INSERT INTO refunds VALUES (?, ?, ?) ON CONFLICT DO NOTHING', [
        key,
        orderId,
        cents,
      ]);
      if (changes === 0) return;
      await tx.run('UPDATE orders SET refunded_cents = refunded_cents + ? WHERE id = ?', [cents, orderId]);
    });
  }
}

function orderOf({ id, org_id, customer_id, item, cents, parcel, refunded_cents }: OrderRow): Order {
  return { id, orgId: org_id, customerId: customer_id, item, cents, parcel, refundedCents: refunded_cents };
}
