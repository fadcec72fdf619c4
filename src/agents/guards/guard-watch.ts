/*
 * The guards of one agent.
 *
 * Invariants
 *  1. A guard that has not said `allowed: true` has denied, whatever became of it.
 *  2. The first denial stands, and aborts `signal`.
 *  3. When `close` has settled, no guard is running.
 */
import { AgentEventName } from '../../events/index.js';
import { messageOf, type StageContext } from '../../stage/index.js';
import type { AgentGuard, GuardedText, GuardVerdict } from './agent-guard.js';

/** Continues `Agent "x" `. */
export interface GuardDenial {
  readonly message: string;
  readonly fix: string;
  readonly cause?: unknown;
}

const DEFAULT_LIMIT_MS = 10_000;

export class GuardWatch {
  readonly #ctx: StageContext;
  readonly #guards: readonly AgentGuard[];
  readonly #asked: GuardedText;
  readonly #controller = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #denial: GuardDenial | null = null;

  /** @param asked what the agent is asked */
  constructor(ctx: StageContext, guards: readonly AgentGuard[], asked: GuardedText) {
    this.#ctx = ctx;
    this.#guards = guards;
    this.#asked = asked;
  }

  /** Aborts when a guard denies. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get denial(): GuardDenial | null {
    return this.#denial;
  }

  /** Asks those that look at the input, and waits for those that do not work beside the model. @throws if one denies */
  async open(): Promise<void> {
    const first: Promise<void>[] = [];
    for (const guard of this.#guards) {
      if (guard.side === 'output') continue;
      const running = this.#ask(guard, this.#asked);
      if (guard.beside !== true) first.push(running);
    }
    await Promise.all(first);
    this.#throwIfDenied();
  }

  /** Every guard that was asked has allowed it. */
  get isClear(): boolean {
    return this.#running.size === 0 && this.#denial === null;
  }

  /** Waits until every guard of the input has allowed it. @throws if one denies */
  async cleared(): Promise<void> {
    await Promise.all(this.#running);
    this.#throwIfDenied();
  }

  /** Asks those that look at the answer. @throws if one denies */
  async output(answer: string): Promise<void> {
    const text = { side: 'output', text: answer, earlier: [] } as const;
    const looking = this.#guards.filter(({ side }) => side === 'output' || side === 'both');
    await Promise.all(looking.map((guard) => this.#ask(guard, text)));
    this.#throwIfDenied();
  }

  async close(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Never rejects. */
  #ask(guard: AgentGuard, text: GuardedText): Promise<void> {
    const asked = this.#decide(guard, text);
    this.#running.add(asked);
    return asked.finally(() => this.#running.delete(asked));
  }

  async #decide(guard: AgentGuard, text: GuardedText): Promise<void> {
    const name = guard.name ?? (guard.constructor.name || 'a guard');
    let reason: string | null = null;
    let cause: unknown;
    try {
      const limitMs = guard.timeoutMs ?? DEFAULT_LIMIT_MS;
      const verdict: GuardVerdict | undefined = await this.#ctx.withTimeout(limitMs, (ctx) => guard.check(text, ctx));
      if (verdict?.allowed !== true) reason = verdict?.reason ?? 'it gave no verdict';
    } catch (error) {
      if (this.#ctx.cancelled) return this.#deny({ message: 'was cancelled', fix: '', cause: error });
      reason = `it could not decide: ${messageOf(error)}`;
      cause = error;
    }
    const told = { guard: name, side: text.side, allowed: reason === null, reason };
    this.#ctx.emit(AgentEventName.Guard, told);
    if (reason === null) return;
    const what = text.side === 'input' ? 'what it is asked' : 'its answer';
    const message = `was denied ${what} by guard "${name}": ${reason.replace(/\.$/, '')}`;
    this.#deny({ message, fix: 'Nothing that changes anything was called after that.', cause });
  }

  #deny(denial: GuardDenial): void {
    if (this.#denial !== null) return;
    this.#denial = denial;
    this.#controller.abort(new Error(denial.message));
  }

  #throwIfDenied(): void {
    if (this.#denial !== null) throw this.#controller.signal.reason;
  }
}
