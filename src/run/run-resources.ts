import { ContextBag } from '../context/index.js';
import type { StageflowLogger } from '../events/index.js';
import type { StageInstance } from '../stage/index.js';
import type { RunInstances } from './bound-pipeline.js';
import { CleanupStack, runLateCleanup } from './cleanup-stack.js';
import { TenantDenials } from './tenant-denials.js';

const NO_NAMES: ReadonlySet<string> = new Set();

/** What a run holds for its stages; most runs need none of it, so all of it is made when first used. */
export class RunResources {
  #bag: ContextBag | null = null;
  #cleanups: CleanupStack | null = null;
  #instances: RunInstances | null = null;
  #abandoned: Set<string> | null = null;
  #denials: TenantDenials | null = null;
  #closed = false;

  get bag(): ContextBag {
    this.#bag ??= new ContextBag();
    return this.#bag;
  }

  get cleanups(): CleanupStack {
    this.#cleanups ??= new CleanupStack();
    return this.#cleanups;
  }

  get tenantDenials(): TenantDenials {
    this.#denials ??= new TenantDenials();
    return this.#denials;
  }

  /** Without making the stack just to find it empty. */
  get hasCleanups(): boolean {
    return this.#cleanups !== null;
  }

  /** Runs it at once if the run has ended, so that nothing leaks. */
  addCleanup(logger: StageflowLogger, stage: string, cleanup: () => void | Promise<void>): void {
    if (this.#closed) runLateCleanup(logger, stage, cleanup);
    else this.cleanups.push(stage, cleanup);
  }

  /** The run has ended; a cleanup registered from now on would never run. */
  close(): void {
    this.#closed = true;
  }

  /** Stages that were still alive when their grace period ended. */
  get abandoned(): ReadonlySet<string> {
    return this.#abandoned ?? NO_NAMES;
  }

  abandon(stage: string): void {
    this.#abandoned ??= new Set();
    this.#abandoned.add(stage);
  }

  /** The run-scoped instances are closed after every cleanup, since cleanups may still use them. */
  hold(instances: RunInstances): void {
    this.#instances = instances;
    this.cleanups.push('(run-scoped instances)', () => instances.close());
  }

  runScoped(stage: number): StageInstance {
    if (this.#instances === null) throw new TypeError(`No instance for run-scoped stage ${stage}.`);
    return this.#instances.stage(stage);
  }
}
