/*
 * Undoes one entry, once.
 *
 * Invariants
 *  1. A tool is called only by whoever holds the claim, which one of many gets.
 *  2. A claim that nobody ends stays: what its holder did is unknown, and is done again only if somebody says so.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock/index.js';
import type { StageflowLogger } from '../../events/index.js';
import { messageOf } from '../../stage/index.js';
import type { UndoHandler } from '../../tools/index.js';
import { type Decider, principalOf } from '../approval/decider.js';
import { UndoContext } from './undo-context.js';
import { type UndoEntry, UndoState } from './undo-entry.js';
import { undoError } from './undo-errors.js';
import { TOOL_GONE } from './undo-report.js';
import type { UndoStore } from './undo-store.js';

export interface ClaimOptions {
  readonly store: UndoStore;
  /** What undoes calls of a tool; nothing for a tool that is unknown, or cannot. */
  readonly handlerOf: (tool: string) => UndoHandler | null | undefined;
  readonly clock: Clock;
  readonly now: () => number;
  readonly timeoutMs: number;
  readonly logger: StageflowLogger;
}

export class UndoClaims {
  readonly #options: ClaimOptions;

  constructor(options: ClaimOptions) {
    this.#options = options;
  }

  /** @throws UNDO_NOT_POSSIBLE, UNDO_FAILED, UNDO_OUTCOME_UNKNOWN */
  async undo(entry: UndoEntry, by: Decider, again: boolean): Promise<void> {
    this.#assertPossible(entry, again);
    const handler = this.#handlerOf(entry);
    const claimed = await this.#claim(entry, by);
    const ended = await this.#call(claimed, by, handler);
    const next = { ...claimed, state: ended.state, reason: ended.error === null ? null : messageOf(ended.error) };
    const expected = { state: UndoState.Undoing, claimId: claimed.claim?.id ?? null };
    try {
      if (!(await this.#options.store.replace(next, expected))) throw new Error('Somebody else has taken over.');
    } catch (cause) {
      throw undoError('UNDO_OUTCOME_UNKNOWN', entry, 'its tool was called, but the result could not be kept', cause);
    }
    if (ended.state === UndoState.Failed) throw undoError('UNDO_FAILED', entry, 'its tool failed', ended.error);
    if (ended.state === UndoState.Unknown)
      throw undoError('UNDO_OUTCOME_UNKNOWN', entry, 'it took too long', ended.error);
  }

  #assertPossible(entry: UndoEntry, again: boolean): void {
    const { now, timeoutMs } = this.#options;
    const { state, expiresAt, claim, madeAt, reason } = entry;
    if (state === UndoState.Undone) throw undoError('UNDO_NOT_POSSIBLE', entry, 'it has been undone');
    if (now() >= expiresAt) throw undoError('UNDO_NOT_POSSIBLE', entry, 'it was made too long ago');
    if (state === UndoState.Ready) return;
    // Whoever works on it may still be there: then saying so again changes nothing.
    const isFresh = now() < (claim?.at ?? madeAt) + timeoutMs;
    if (state === UndoState.Undoing && isFresh) throw undoError('UNDO_NOT_POSSIBLE', entry, 'somebody is undoing it');
    if (state === UndoState.Open && isFresh) throw undoError('UNDO_NOT_POSSIBLE', entry, 'it has not ended');
    if (again) return;
    if (state === UndoState.Failed) throw undoError('UNDO_FAILED', entry, `it failed before (${reason})`);
    throw undoError('UNDO_OUTCOME_UNKNOWN', entry, 'nobody knows how far it got');
  }

  #handlerOf(entry: UndoEntry): UndoHandler {
    const handler = this.#options.handlerOf(entry.tool);
    if (typeof handler === 'function') return handler;
    throw undoError('UNDO_NOT_POSSIBLE', entry, 'there is no such tool any more, or it cannot undo', TOOL_GONE);
  }

  async #claim(entry: UndoEntry, by: Decider): Promise<UndoEntry> {
    const principal = principalOf(by.auth);
    if (principal === null) throw undoError('UNDO_FORBIDDEN', entry, 'whoever asks is not known');
    const claim = { id: randomUUID(), by: principal, at: this.#options.now() };
    const claimed: UndoEntry = { ...entry, state: UndoState.Undoing, claim, reason: null };
    const expected = { state: entry.state, claimId: entry.claim?.id ?? null };
    if (await this.#options.store.replace(claimed, expected)) return claimed;
    throw undoError('UNDO_NOT_POSSIBLE', entry, 'somebody else was faster');
  }

  async #call(entry: UndoEntry, by: Decider, handler: UndoHandler): Promise<{ state: UndoState; error: unknown }> {
    const { clock, timeoutMs, logger } = this.#options;
    const limit = new AbortController();
    const tooLong = new Promise<{ state: UndoState; error: unknown }>((resolve) => {
      limit.signal.addEventListener('abort', () =>
        resolve({ state: UndoState.Unknown, error: new Error(`It took longer than ${timeoutMs} ms.`) }),
      );
    });
    const timer = clock.setTimer(timeoutMs, () => limit.abort());
    const { runId, callId, tool, input, data, output } = entry;
    const undone = (async () => {
      await handler({ runId, callId, tool, input, data, output }, new UndoContext(entry, by, limit.signal, logger));
      return { state: UndoState.Undone, error: null };
    })().catch((error: unknown) => ({ state: UndoState.Failed, error: error ?? new Error('It threw nothing.') }));
    try {
      return await Promise.race([undone, tooLong]);
    } finally {
      timer.clear();
    }
  }
}
