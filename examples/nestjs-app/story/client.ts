import { type ServerEvent, serverEvents } from './server-events.js';

export interface Answer {
  readonly status: number;
  // Whatever the application has answered, to be looked at.
  readonly body: any;
}

/** Somebody who talks to the application as anybody would: over HTTP, with a token or without. */
export class Client {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor(url: string, token: string | null) {
    this.#url = url;
    this.#headers = token === null ? {} : { authorization: `Bearer ${token}` };
  }

  get(path: string): Promise<Answer> {
    return this.#ask(path, { headers: this.#headers });
  }

  post(path: string, body: object = {}): Promise<Answer> {
    const headers = { ...this.#headers, 'content-type': 'application/json' };
    return this.#ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** What is sent of a run, as it is sent. Whoever stops reading has left. */
  async *watch(runId: string, lastEventId?: string): AsyncGenerator<ServerEvent> {
    const leave = new AbortController();
    const headers = { ...this.#headers, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) };
    const answer = await fetch(`${this.#url}/runs/${runId}/events`, { headers, signal: leave.signal });
    if (answer.body === null || !answer.ok) throw new Error(`The stream was answered with ${answer.status}.`);
    try {
      yield* serverEvents(answer.body);
    } finally {
      leave.abort();
    }
  }

  async #ask(path: string, init: RequestInit): Promise<Answer> {
    const answer = await fetch(`${this.#url}${path}`, init);
    return { status: answer.status, body: await answer.json() };
  }
}
