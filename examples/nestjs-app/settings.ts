/** What the application is started with. */
export interface Settings {
  /** The SQLite file with everything: runs, approvals, what can be undone, editions, mail. */
  readonly database: string;
  /** Shared with whoever signs the tokens: at least 32 bytes. In production use the public keys of your issuer instead. */
  readonly secret: string;
  readonly adapter: 'express' | 'fastify';
  /** How long a shutdown waits for runs before it interrupts them, in ms. */
  readonly graceMs: number;
}

/** Under this the settings are provided. */
export const SETTINGS = Symbol('settings');
