import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { AuthContext } from 'stageflow';
import { ApprovalService, approvers, type Decider, SqlApprovalStore } from 'stageflow/approvals';
import { openSqlite } from 'stageflow/sqlite';
import { vi } from 'vitest';
import { PEOPLE, signToken } from '../../examples/nestjs-app/auth/sign-token.js';
import { createApp } from '../../examples/nestjs-app/create-app.js';
import type { Settings } from '../../examples/nestjs-app/settings.js';
import { type Answer, Client } from '../../examples/nestjs-app/story/client.js';
import type { ServerEvent } from '../../examples/nestjs-app/story/server-events.js';

/** The application of the example on a free port, with people who call it; it can be closed and started again. */
export class House {
  readonly #settings: Settings;
  readonly #folder: string;
  #app: INestApplication | null = null;
  #url = '';

  private constructor(folder: string, adapter: Settings['adapter']) {
    this.#folder = folder;
    const secret = randomBytes(32).toString('hex');
    this.#settings = { database: path.join(folder, 'house.db'), secret, adapter, graceMs: 100 };
  }

  static async open(adapter: Settings['adapter']): Promise<House> {
    const house = new House(await mkdtemp(path.join(tmpdir(), 'newsletter-')), adapter);
    await house.start();
    return house;
  }

  get isOpen(): boolean {
    return this.#app !== null;
  }

  get secret(): string {
    return this.#settings.secret;
  }

  async start(): Promise<void> {
    this.#app = await createApp(this.#settings);
    await this.#app.listen(0, '127.0.0.1');
    this.#url = await this.#app.getUrl();
  }

  async stop(): Promise<void> {
    const app = this.#app;
    this.#app = null;
    await app?.close();
  }

  async as(name: keyof typeof PEOPLE): Promise<Client> {
    return new Client(this.#url, await signToken(PEOPLE[name], this.#settings.secret));
  }

  /** Decides as another process would that shares the file. */
  async whileClosed<T>(decide: (approvals: ApprovalService) => Promise<T>): Promise<T> {
    const sql = openSqlite(this.#settings.database);
    try {
      const policy = approvers({ roles: ['chief'] });
      return await decide(new ApprovalService({ store: new SqlApprovalStore(sql), policy }));
    } finally {
      await sql.close();
    }
  }

  decider(name: keyof typeof PEOPLE): Decider {
    const { org, roles } = PEOPLE[name];
    return { auth: AuthContext.verified({ userId: name, orgId: org, roles }) };
  }

  /** With a token of one's own making, or none. */
  with(token: string | null): Client {
    return new Client(this.#url, token);
  }

  /** What is told of a run up to an event of this type; everything if there is none. */
  async until(client: Client, runId: string, type: string, lastEventId?: string): Promise<ServerEvent[]> {
    const seen: ServerEvent[] = [];
    for await (const event of client.watch(runId, lastEventId)) {
      seen.push(event);
      if (event.type === type) break;
    }
    return seen;
  }

  /** The request with which a run waits, once there is one. */
  async requestOf(runId: string, approver: Client): Promise<string> {
    return vi.waitFor(async () => {
      const { requests } = (await approver.get('/approvals')).body;
      const request = requests.find((one: { runId: string }) => one.runId === runId);
      if (request === undefined) throw new Error(`Run ${runId} asks for nothing.`);
      return request.id;
    }, 15_000);
  }

  async approve(runId: string, approver: Client): Promise<Answer> {
    return approver.post(`/approvals/${await this.requestOf(runId, approver)}/approve`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
