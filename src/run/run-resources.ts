import type { ArtifactRef } from '../artifacts/index.js';
import { ContextBag } from '../context/index.js';
import type { StageflowLogger } from '../events/index.js';
import type { StageInstance, StageOutput } from '../stage/index.js';
import type { RunInstances } from './bound-pipeline.js';
import type { CallCounter } from './call-counter.js';
import { CleanupStack, runLateCleanup } from './cleanup-stack.js';
import type { CompiledStage } from './compiled-stage.js';
import { CompletedWork } from './completed-work.js';
import type { LiveItems } from './live-items.js';
import { type MaskedRun, RunMasker } from './run-masker.js';
import type { StageExecution } from './stage-execution.js';
import { TenantDenials } from './tenant-denials.js';

const NOTHING: readonly unknown[] = Object.freeze([]);
const NO_ARTIFACTS: readonly ArtifactRef[] = Object.freeze([]);
const NO_FACTS: ReadonlyMap<string, unknown> = new Map();
const NO_ENTRIES: readonly (readonly [string, unknown])[] = Object.freeze([]);
const NOTHING_APART: readonly (readonly [null, ArtifactRef])[] = Object.freeze([]);
const NO_NAMES: ReadonlySet<string> = new Set();

/** A call that fails unless it is renewed. */
interface Watched {
  readonly execution: StageExecution;
  renew(): void;
}

/** What a run holds for its stages; most runs need none of it, so all of it is made when first used. */
export class RunResources {
  private ownBag: ContextBag | null = null;
  private ownCleanups: CleanupStack | null = null;
  private instances: RunInstances | null = null;
  private ownAbandoned: Set<string> | null = null;
  private ownArtifacts: ArtifactRef[] | null = null;
  private masker: RunMasker | null = null;
  private denials: TenantDenials | null = null;
  private refusals: Map<StageExecution, StageOutput> | null = null;
  private ownWork: CompletedWork | null = null;
  private watched: Set<Watched> | null = null;
  private ownTools: Map<StageExecution, CallCounter> | null = null;
  private apart: Map<StageExecution, readonly (readonly [string | null, ArtifactRef])[]> | null = null;
  private ownItems: Map<StageExecution, LiveItems> | null = null;
  private closed = false;

  get bag(): ContextBag {
    this.ownBag ??= new ContextBag();
    return this.ownBag;
  }

  /** What takes secrets out of something that `writer` is about to write; null where nothing is masked. */
  maskerFor(run: MaskedRun, writer: CompiledStage | null): RunMasker | null {
    const { masking } = run.parts;
    if (masking !== null) this.masker ??= new RunMasker(masking, run);
    this.masker?.prepareFor(writer);
    return this.masker;
  }

  /** Something has come into the run whose secrets must not be written, such as the arguments of a tool. */
  hide(run: MaskedRun, value: unknown, fieldsOf: Function | null): void {
    const { masking } = run.parts;
    if (masking === null || typeof value !== 'object' || value === null) return;
    this.masker ??= new RunMasker(masking, run);
    this.masker.hide(value, fieldsOf);
  }

  /** Without making a bag just to find it empty. */
  get bagged(): readonly unknown[] {
    return this.ownBag === null ? NOTHING : this.ownBag.values;
  }

  /** What the bag holds, by key. */
  get facts(): ReadonlyMap<string, unknown> {
    return this.ownBag === null ? NO_FACTS : this.ownBag.toMap();
  }

  /** What one stage has written into the bag. */
  factsOf(stage: string): readonly (readonly [key: string, value: unknown])[] {
    return this.ownBag === null ? NO_ENTRIES : this.ownBag.writtenBy(stage);
  }

  /** What can be undone; null as long as nothing can. */
  get work(): CompletedWork | null {
    return this.ownWork;
  }

  /** A stage has completed whose work can be undone. */
  addWork(execution: StageExecution): void {
    this.ownWork ??= new CompletedWork();
    this.ownWork.add(execution);
  }

  /** Forgets what these stages have written into the bag. */
  withdraw(stages: ReadonlySet<string>): void {
    this.ownBag?.withdraw(stages);
  }

  get cleanups(): CleanupStack {
    this.ownCleanups ??= new CleanupStack();
    return this.ownCleanups;
  }

  /** Number the tool calls of each stage that makes some. */
  get tools(): Map<StageExecution, CallCounter> {
    this.ownTools ??= new Map();
    return this.ownTools;
  }

  /** It makes none any more, and its numbers are not wanted again. */
  forgetCalls(execution: StageExecution): void {
    this.ownTools?.delete(execution);
  }

  /** Items that are worked on, by the stage whose they are. */
  get items(): Map<StageExecution, LiveItems> {
    this.ownItems ??= new Map();
    return this.ownItems;
  }

  get tenantDenials(): TenantDenials {
    this.denials ??= new TenantDenials();
    return this.denials;
  }

  /** A security interceptor refuses an execution; the first refusal stands. */
  refuse(execution: StageExecution, refusal: StageOutput): void {
    this.refusals ??= new Map();
    if (!this.refusals.has(execution)) this.refusals.set(execution, refusal);
  }

  /** Calls that have to give signs of life. */
  watch(call: Watched): void {
    this.watched ??= new Set();
    this.watched.add(call);
  }

  stopWatching(call: Watched): void {
    this.watched?.delete(call);
  }

  /** A stage has given a sign of life. */
  heartbeat(execution: StageExecution): void {
    if (this.watched === null) return;
    const { whole } = execution;
    for (const call of this.watched) if (call.execution === execution || call.execution === whole) call.renew();
  }

  refusalOf(execution: StageExecution): StageOutput | null {
    return this.refusals?.get(execution) ?? null;
  }

  /** Without making the stack just to find it empty. */
  get hasCleanups(): boolean {
    return this.ownCleanups !== null;
  }

  /** Runs it at once if the run has ended, so that nothing leaks. */
  addCleanup(logger: StageflowLogger, stage: string, cleanup: () => void | Promise<void>): void {
    if (this.closed) runLateCleanup(logger, stage, cleanup);
    else this.cleanups.push(stage, cleanup);
  }

  /** The run has ended; a cleanup registered from now on would never run. */
  close(): void {
    this.closed = true;
  }

  /** In the order they were stored. */
  get artifacts(): readonly ArtifactRef[] {
    return this.ownArtifacts ?? NO_ARTIFACTS;
  }

  addArtifact(ref: ArtifactRef): void {
    this.ownArtifacts ??= [];
    this.ownArtifacts.push(ref);
  }

  /** Parts of an output that are kept as artifacts, by field; null for the whole. */
  apartOf(execution: StageExecution): readonly (readonly [field: string | null, ref: ArtifactRef])[] {
    return this.apart?.get(execution) ?? NOTHING_APART;
  }

  keepApart(execution: StageExecution, field: string | null, ref: ArtifactRef): void {
    this.apart ??= new Map();
    this.apart.set(execution, [...this.apartOf(execution), [field, ref]]);
  }

  /** Stages that were still alive when their grace period ended. */
  get abandoned(): ReadonlySet<string> {
    return this.ownAbandoned ?? NO_NAMES;
  }

  abandon(stage: string): void {
    this.ownAbandoned ??= new Set();
    this.ownAbandoned.add(stage);
  }

  /** The run-scoped instances are closed after every cleanup, since cleanups may still use them. */
  hold(instances: RunInstances): void {
    this.instances = instances;
    this.cleanups.push('(run-scoped instances)', () => instances.close());
  }

  runScoped({ index, name, bodyOfRun }: CompiledStage): StageInstance {
    if (this.instances === null) throw new TypeError(`No instance for run-scoped stage ${name}.`);
    const instance = this.instances.stage(index);
    return bodyOfRun === null ? instance : bodyOfRun(instance);
  }
}
