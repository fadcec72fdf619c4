/*
 * The work on the items of one stage.
 *
 * Owns: which items are worked on, when the source is asked for more, when the work is over.
 * Does not own: what an item came to (item settlement), what all of them come to (item ledger).
 *
 * Invariants
 *  1. Of the source no more is taken than `concurrency` items that are not done, and one after another.
 *  2. An item is called once, but for its own retries, and ends once; what it gives after its end is dropped.
 *  3. The first that ends the work decides how. From then on nothing begins, and what goes on is told to stop.
 *  4. The work is over when no item goes on, and the source is at its end or closed; or when the grace period after its
 *     decision has passed, or the stage itself is given up.
 */
import { StageOutput } from '../stage/index.js';
import { CancelScope } from './cancel-scope.js';
import { cancelledError } from './context-errors.js';
import { ItemExecutionContext } from './item-context.js';
import { type ItemsFailedError, itemsGivenUp } from './item-errors.js';
import { ItemExecution } from './item-execution.js';
import { type FedItem, ItemFeed } from './item-feed.js';
import { ItemGrace } from './item-grace.js';
import type { ItemJob } from './item-job.js';
import { ItemLedger } from './item-ledger.js';
import { reportStarted } from './item-reports.js';
import { cutOff, giveUpItem, isCutOff, restored, settleItem } from './item-settlement.js';
import type { LiveItems } from './live-items.js';
import type { RunState } from './run-state.js';
import { type StageExecution, StageState } from './stage-execution.js';

/** After this many items, if they took this long, other work of the process gets a turn. */
const PAUSE_AFTER_ITEMS = 16;
const PAUSE_AFTER_MS = 10;

/** Belongs to an attempt of a stage, and is not told of anything after its end. */
export class ItemPool implements LiveItems {
  readonly #run: RunState;
  readonly #execution: StageExecution;
  readonly #job: ItemJob;
  readonly #outer: CancelScope;
  readonly #scope: PoolScope;
  readonly #ledger: ItemLedger;
  readonly #feed: ItemFeed;
  readonly #live = new Map<string, ItemExecution>();
  readonly #onEnd: (end: unknown) => void;
  /** Items that are cancelled before their turn. */
  #cancels: Map<string, unknown> | null = null;
  /** How the work ends; null as long as nothing has decided that. */
  #decided: StageOutput | null = null;
  #grace: ItemGrace | null = null;
  #isFilling = false;
  #isPaused = false;
  /** An item was told to stop with all others. */
  #hasCutOff = false;
  #isOver = false;
  #startedSincePause = 0;
  #lastPause: number;

  /** @param onEnd hears what the items come to, or the output of the stage that they cannot come to it */
  constructor(
    run: RunState,
    execution: StageExecution,
    outer: CancelScope,
    job: ItemJob,
    onEnd: (end: unknown) => void,
  ) {
    this.#run = run;
    this.#execution = execution;
    this.#job = job;
    this.#outer = outer;
    this.#scope = outer.adopt(new PoolScope(() => this.#abandon()));
    this.#ledger = new ItemLedger(execution.stage.name, job.plan.key);
    this.#feed = new ItemFeed(this.#ledger, () => this.#fill());
    this.#onEnd = onEnd;
    this.#lastPause = run.parts.clock.now();
  }

  get scope(): CancelScope {
    return this.#scope;
  }

  /** @param pick gives what is iterated */
  open(pick: () => unknown): void {
    this.#run.resources.items.set(this.#execution, this);
    this.#scope.onCancel(() => this.#feed.close());
    try {
      this.#feed.open(pick);
    } catch (error) {
      this.#fail(error as ItemsFailedError);
    }
    this.#fill();
  }

  #fill(): void {
    if (this.#isFilling || this.#isOver) return;
    this.#isFilling = true;
    while (this.#wantsMore()) {
      try {
        const fed = this.#feed.next();
        if (fed === null) break;
        this.#begin(fed);
      } catch (error) {
        this.#fail(error as ItemsFailedError);
      }
    }
    this.#isFilling = false;
    this.#check();
  }

  #wantsMore(): boolean {
    return !this.#isPaused && !this.#scope.cancelled && this.#live.size < this.#job.plan.concurrency;
  }

  #begin({ key, index, value }: FedItem): void {
    const known = restored(this.#run, this.#execution, key);
    if (known !== null) {
      this.#ledger.ok(index, known);
      return;
    }
    const item = new ItemExecution(this.#execution, this.#scope.child(), key, index, value);
    item.state = StageState.Running;
    this.#live.set(key, item);
    if (this.#cancels?.has(key)) this.#refuse(item);
    else this.#call(item);
  }

  #call(item: ItemExecution): void {
    const run = this.#run;
    run.time.expire();
    item.startedAt = run.time.now();
    run.time.calling();
    reportStarted(run, item);
    const ctx = new ItemExecutionContext(run, item, item.own, this.#job.work);
    this.#job.call(ctx).then((output) => this.#settle(item, run.resources.refusalOf(item) ?? output));
    if (++this.#startedSincePause < PAUSE_AFTER_ITEMS || item.startedAt - this.#lastPause <= PAUSE_AFTER_MS) return;
    this.#isPaused = true;
    setImmediate(() => {
      this.#isPaused = false;
      this.#startedSincePause = 0;
      this.#lastPause = run.parts.clock.now();
      this.#fill();
    });
  }

  #settle(item: ItemExecution, output: StageOutput): void {
    if (item.state !== StageState.Running) return;
    const end = settleItem(this.#run, this.#ledger, item, output);
    this.#live.delete(item.key);
    // An interceptor may not have waited for what it called: then that still has to hear if all are told to stop.
    if (item.own.bodies === 0 && item.own.last === null) this.#scope.remove(item.own);
    if (isCutOff(item, this.#scope)) this.#hasCutOff = true;
    else if (end !== null && this.#job.plan.policy === 'all') this.#decide(end(), `item ${item.index} has ended it.`);
    this.#fill();
  }

  /** Its turn has come, but it was cancelled before. */
  #refuse(item: ItemExecution): void {
    const reason = this.#cancels?.get(item.key);
    this.#cancels?.delete(item.key);
    item.own.cancel(reason);
    this.#settle(item, StageOutput.fail(cancelledError(item.stage.name, reason)));
  }

  cancel(key: string, reason: unknown): boolean {
    if (this.#isOver || this.#scope.cancelled) return false;
    const item = this.#live.get(key);
    if (item === undefined) return this.#cancelAhead(key, reason);
    if (item.own.cancelled) return true;
    item.grace = new ItemGrace(this.#run, item, () => this.#settle(item, giveUpItem(this.#run, item)));
    item.own.cancel(reason);
    return true;
  }

  #cancelAhead(key: string, reason: unknown): boolean {
    if (!this.#feed.mayHave(key)) return false;
    this.#cancels ??= new Map();
    this.#cancels.set(key, reason);
    return true;
  }

  #fail(error: ItemsFailedError): void {
    this.#decide(StageOutput.fail(error), error.summary);
  }

  #decide(end: StageOutput, why: string): void {
    if (this.#decided !== null || this.#scope.cancelled) return;
    this.#decided = end;
    this.#grace = new ItemGrace(this.#run, this.#execution, () => {
      this.#run.life.abandon(this.#execution, this.#scope.abandon());
    });
    this.#scope.cancel(itemsGivenUp(this.#execution.stage.name, why));
  }

  /** Nobody waits any more: what goes on has ended as far as anybody is told. */
  #abandon(): void {
    if (this.#isOver) return;
    for (const item of this.#live.values()) settleItem(this.#run, this.#ledger, item, cutOff(item));
    this.#hasCutOff = true;
    this.#finish();
  }

  #check(): void {
    if (this.#live.size > 0 || this.#feed.isBusy || this.#isOver) return;
    if (this.#feed.isDrained || this.#scope.cancelled) this.#finish();
  }

  #finish(): void {
    this.#isOver = true;
    this.#grace?.disarm();
    this.#outer.remove(this.#scope);
    this.#run.resources.items.delete(this.#execution);
    this.#onEnd(this.#end());
  }

  #end(): unknown {
    if (this.#decided !== null) return this.#decided;
    const { cancelled, reason } = this.#scope;
    if (cancelled && (this.#hasCutOff || !this.#feed.isDrained)) {
      return StageOutput.fail(cancelledError(this.#execution.stage.name, reason));
    }
    try {
      return this.#ledger.join(this.#job.plan.policy);
    } catch (error) {
      return StageOutput.fail(error);
    }
  }
}

/** The scope of the work on all items, which hears when nobody waits for it any more. */
class PoolScope extends CancelScope {
  readonly #onAbandoned: () => void;

  constructor(onAbandoned: () => void) {
    super();
    this.#onAbandoned = onAbandoned;
  }

  override abandon(): number {
    const alive = super.abandon();
    this.#onAbandoned();
    return alive;
  }
}
