import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../../clock/index.js';
import { StageflowError } from '../../errors/index.js';
import { type StageflowLogger, silentLogger } from '../../events/index.js';
import type { OpenedCall, UndoableTool, UndoHandler, UndoLog, UndoRecord } from '../../tools/index.js';
import { type Decider, principalOf, tenantOf } from '../approval/decider.js';
import { KnownTools } from './known-tools.js';
import { UndoClaims } from './undo-claims.js';
import { type UndoEntry, UndoState } from './undo-entry.js';
import { ambiguousCall, demand, undoError, unknownCall } from './undo-errors.js';
import { mayUndo, type UndoPolicy, undoers } from './undo-policy.js';
import { type UndoReport, UndoTally } from './undo-report.js';
import type { UndoStore } from './undo-store.js';

export interface UndoServiceOptions {
  readonly store: UndoStore;
  /**
   * What undoes calls of a tool, by the name it was called with. Of a tool that is gone: undefined. Default: the tools of the
   * applications that the service was given to.
   */
  readonly handlerOf?: (tool: string) => UndoHandler | null | undefined;
  /** Who may undo. Default: whoever made the call. */
  readonly policy?: UndoPolicy;
  /** How long calls can be undone, in ms. Default 30 days. */
  readonly ttlMs?: number;
  /** How long a tool may take to undo one, in ms; after that nobody knows whether it did. Default 60,000. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  readonly logger?: StageflowLogger;
}

export interface UndoOptions {
  /** For an id that calls of several runs have. */
  readonly runId?: string;
  /** Undoes it although it failed before, or nobody knows whether it was undone. Default false. */
  readonly again?: boolean;
}

const DAY_MS = 86_400_000;

/**
 * Keeps what tools did, and undoes it: give it to an application as `toolServices: { undo }`.
 *
 * Each call is undone once, however many ask. Entries are in the store, so that they outlive the process if the store does.
 */
export class UndoService implements UndoLog {
  readonly #store: UndoStore;
  readonly #policy: UndoPolicy;
  readonly #claims: UndoClaims;
  readonly #ttlMs: number;
  readonly #now: () => number;
  /** Null where somebody else knows the tools. */
  readonly #known: KnownTools | null;

  /** @throws UNDO_OPTION_INVALID */
  constructor(options: UndoServiceOptions) {
    const known = 'handlerOf' in options ? null : new KnownTools();
    const {
      store,
      handlerOf = known?.handlerOf,
      policy = undoers(),
      ttlMs = 30 * DAY_MS,
      timeoutMs = 60_000,
    } = options;
    const { clock = systemClock, logger = silentLogger } = options;
    demand(typeof store?.replace === 'function', 'store', 'an UndoStore');
    demand(typeof handlerOf === 'function', 'handlerOf', 'a function');
    demand(typeof policy?.mayUndo === 'function', 'policy', 'an UndoPolicy');
    for (const [option, value] of Object.entries({ ttlMs, timeoutMs })) {
      demand(Number.isFinite(value) && value > 0, option, 'a positive number');
    }
    this.#store = store;
    this.#known = known;
    this.#policy = policy;
    this.#ttlMs = Math.floor(ttlMs);
    this.#now = () => Math.floor(clock.toEpochMs(clock.now()));
    this.#claims = new UndoClaims({ store, handlerOf, clock, now: this.#now, timeoutMs, logger });
  }

  /** For the application: what can undo calls. @throws UNDO_OPTION_INVALID if two tools of one name can */
  learn(tools: readonly UndoableTool[]): void {
    this.#known?.learn(tools);
  }

  /** For the executor, before it calls a handler: a call that dies with its process is known of. */
  async opened(call: OpenedCall, caller: Decider): Promise<string> {
    const entry = this.#entry({ ...call, data: undefined, output: undefined }, caller, UndoState.Open);
    await this.#store.add(entry);
    return entry.id;
  }

  /** For the executor: the handler has done something. */
  async record(record: UndoRecord, caller: Decider, openedAs?: string): Promise<void> {
    const entry = this.#entry(record, caller, UndoState.Ready);
    if (openedAs === undefined) return this.#store.add(entry);
    const expected = { state: UndoState.Open, claimId: null };
    if (await this.#store.replace({ ...entry, id: openedAs }, expected)) return;
    throw undoError('UNDO_NOT_POSSIBLE', entry, 'its entry is gone, or was undone before the call ended');
  }

  /** For the executor: the handler has failed, and done nothing. */
  dropped(openedAs: string): Promise<void> {
    return this.#store.remove(openedAs);
  }

  /**
   * Undoes one call, by its id; of a call that was tried several times, everything that it did, the last first.
   * @throws UNDO_UNKNOWN, UNDO_AMBIGUOUS, UNDO_FORBIDDEN, UNDO_NOT_POSSIBLE, UNDO_FAILED, UNDO_OUTCOME_UNKNOWN
   */
  async undo(callId: string, by: Decider, { runId, again = false }: UndoOptions = {}): Promise<void> {
    const entries = await this.#store.ofCall(this.#tenantOf(by, 'call'), String(callId), runId);
    const [first] = entries;
    if (first === undefined) throw unknownCall('call');
    const allowed: UndoEntry[] = [];
    for (const entry of entries) if (await mayUndo(this.#policy, entry, by)) allowed.push(entry);
    if (allowed.length === 0) throw undoError('UNDO_FORBIDDEN', first, 'whoever asks may not undo it');
    if (new Set(allowed.map((entry) => entry.runId)).size > 1) throw ambiguousCall(callId);
    const left = allowed.filter(({ state }) => state !== UndoState.Undone);
    for (const entry of left.length === 0 ? allowed : left) await this.#claims.undo(entry, by, again === true);
  }

  /**
   * Undoes everything of a run that can be undone, the last call first. One that fails does not keep the others.
   * @throws UNDO_UNKNOWN if nothing of such a run is known
   */
  async undoRun(runId: string, by: Decider): Promise<UndoReport> {
    const entries = await this.#store.ofRun(this.#tenantOf(by, 'run'), String(runId));
    if (entries.length === 0) throw unknownCall('run');
    const tally = new UndoTally();
    for (const entry of entries) {
      if (entry.state === UndoState.Undone) tally.undone(entry, true);
      else if (!(await mayUndo(this.#policy, entry, by))) tally.stands(entry, 'whoever asks may not undo it');
      else await this.#tally(tally, entry, by);
    }
    return tally.report;
  }

  /** Forgets what cannot be undone any more, because its time is over. @returns how many entries */
  purge(): Promise<number> {
    return this.#store.purge(this.#now());
  }

  async #tally(tally: UndoTally, entry: UndoEntry, by: Decider): Promise<void> {
    try {
      await this.#claims.undo(entry, by, false);
      tally.undone(entry, false);
    } catch (error) {
      if (!(error instanceof StageflowError)) throw error;
      tally.notUndone(entry, error);
    }
  }

  #tenantOf(by: Decider, what: string): string | null {
    const tenant = tenantOf(by);
    if (tenant === undefined) throw unknownCall(what);
    return tenant;
  }

  #entry(record: UndoRecord, caller: Decider, state: UndoState): UndoEntry {
    const { runId, callId, tool, input, data, output } = record;
    const tenant = tenantOf(caller);
    demand(tenant !== undefined, 'caller', 'of one tenant');
    const madeAt = this.#now();
    return {
      ...{ id: randomUUID(), tenant, runId, callId, tool, input, data, output, madeAt },
      ...{ madeBy: principalOf(caller.auth), expiresAt: madeAt + this.#ttlMs, state, claim: null, reason: null },
    };
  }
}
