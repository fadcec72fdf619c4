import { type InputStatus, namesFor, type StageClass, type StageInputs } from '../stage/index.js';
import type { CompiledStage } from './compiled-stage.js';
import { ambiguousClass, ambiguousKey, invalidKey, missingKey, noOutput, undeclaredRead } from './input-errors.js';
import type { RunState } from './run-state.js';
import { type StageExecution, StageState } from './stage-execution.js';

type Target = StageClass | string;

/** The outputs one stage may read: those of its dependencies, whoever it is, however few they are. */
export class ExecutionInputs implements StageInputs {
  readonly #run: RunState;
  readonly #reader: CompiledStage;

  constructor(run: RunState, reader: CompiledStage) {
    this.#run = run;
    this.#reader = reader;
  }

  // The interface gives these their types, which depend on what the stage declares.
  of(stage: StageClass): any {
    return this.#read(stage);
  }

  from(stage: string, ...keys: readonly unknown[]): any {
    return keys.length > 0 ? this.#key(stage, keys[0]) : this.#read(stage);
  }

  require(stage: string, key: string): any {
    const value = this.#key(stage, key);
    if (value === undefined || value === null) throw missingKey(this.#reader, stage, key, this.#keysOf(stage));
    return value;
  }

  get(key: string): unknown {
    if (!isKey(key)) throw invalidKey(this.#reader, null, key);
    let found: StageExecution | null = null;
    for (const index of this.#reader.dependencies) {
      const execution = this.#run.executions[index];
      if (execution?.state !== StageState.Ok || !hasKey(execution.data, key)) continue;
      if (found !== null) throw ambiguousKey(this.#reader, key, found.stage.name, execution.stage.name);
      found = execution;
    }
    return found === null ? undefined : valueAt(found.output, key);
  }

  outputs(): Readonly<Record<string, object>> {
    const outputs: Record<string, object> = {};
    for (const index of this.#reader.dependencies) {
      const execution = this.#run.executions[index];
      if (execution?.state !== StageState.Ok) continue;
      // A stage may be called __proto__: an assignment would set the prototype instead.
      const value = execution.output;
      Object.defineProperty(outputs, execution.stage.name, { value, enumerable: true });
    }
    return Object.freeze(outputs);
  }

  status(stage: Target): InputStatus {
    const { state, reason, skipCause } = this.#execution(stage);
    // A dependent only runs after its dependencies, so no other state can be seen from here.
    return { status: state as InputStatus['status'], reason, skipCause };
  }

  #key(stage: string, key: unknown): unknown {
    if (!isKey(key)) throw invalidKey(this.#reader, stage, key);
    return valueAt(this.#read(stage), key);
  }

  #read(target: Target): object | undefined {
    const execution = this.#execution(target);
    if (execution.state === StageState.Ok) return execution.output;
    if (this.#isOptional(execution.stage)) return undefined;
    throw noOutput(this.#reader, execution.stage.name, execution.state, execution.reason);
  }

  #keysOf(stage: string): readonly string[] {
    return Object.keys(this.#execution(stage).data ?? {});
  }

  #execution(target: Target): StageExecution {
    const index = this.#indexOf(target);
    const execution = index >= 0 && isDependency(this.#reader, index) ? this.#run.executions[index] : undefined;
    if (execution === undefined) throw undeclaredRead(this.#reader, target, this.#run.pipeline);
    return execution;
  }

  #indexOf(target: Target): number {
    const { compiled } = this.#run;
    if (typeof target === 'string') {
      if (target.trim() === '') throw invalidKey(this.#reader, target, target);
      return this.#named(target);
    }
    const index = compiled.byClass.get(target);
    return index === -1 ? this.#amongDependencies(target) : (index ?? -1);
  }

  /** In a component that has a prefix, its own stages come first. */
  #named(name: string): number {
    const { graph } = this.#run.compiled.bound;
    const { namespace } = this.#reader;
    if (namespace === '') return graph.indexOf(name) ?? -1;
    for (const candidate of namesFor(name, namespace)) {
      const index = graph.indexOf(candidate);
      if (index !== undefined) return index;
    }
    return -1;
  }

  /** For a class that the pipeline holds more than once: the one place among this stage's dependencies. */
  #amongDependencies(target: StageClass): number {
    const { stages } = this.#run.compiled;
    const places = this.#reader.dependencies.filter((index) => stages[index]?.stageClass === target);
    if (places.length > 1) {
      throw ambiguousClass(
        this.#reader,
        target,
        places.map((index) => (stages[index] as CompiledStage).name),
      );
    }
    return places[0] ?? -1;
  }

  #isOptional(stage: CompiledStage): boolean {
    return this.#reader.spec.dependsOn[this.#reader.dependencies.indexOf(stage.index)]?.optional ?? false;
  }
}

/** Up to this many dependencies a scan is as fast as a set. */
const SCAN_UP_TO = 8;
const dependencySets = new WeakMap<CompiledStage, ReadonlySet<number>>();

function isDependency(reader: CompiledStage, index: number): boolean {
  if (reader.dependencies.length <= SCAN_UP_TO) return reader.dependencies.includes(index);
  let set = dependencySets.get(reader);
  if (set === undefined) {
    set = new Set(reader.dependencies);
    dependencySets.set(reader, set);
  }
  return set.has(index);
}

function isKey(key: unknown): key is string {
  return typeof key === 'string' && key.trim() !== '';
}

function hasKey(data: object | undefined, key: string): boolean {
  return data !== undefined && Object.hasOwn(data, key);
}

function valueAt(data: object | undefined, key: string): unknown {
  return data !== undefined && Object.hasOwn(data, key) ? (data as Record<string, unknown>)[key] : undefined;
}
