import { StageflowError } from '../errors/index.js';
import { ClosestName } from '../graph/index.js';
import type { RunnablePipeline } from './runnable-pipeline.js';

export interface RegisterOptions {
  /** Take the place of a pipeline already registered under the name. Default false: that is an error. */
  readonly replace?: boolean;
  /** What else it is asked for by: the module that it is made of. Pipelines that have one may share a name. */
  readonly as?: object;
}

/**
 * Pipelines by name or by module, for callers that learn only at run time which one to run. Inside an application ask for it
 * in a constructor: it holds the pipelines of the application as soon as that is built.
 */
export class PipelineRegistry {
  readonly #byName = new Map<string, RunnablePipeline[]>();
  readonly #byKey = new Map<object, RunnablePipeline>();

  /** @throws REGISTRY_DUPLICATE if the name, or what it is registered as, is taken, unless `replace` */
  register(pipeline: RunnablePipeline, { replace = false, as }: RegisterOptions = {}): this {
    const { name } = pipeline;
    const same = this.#byName.get(name) ?? [];
    const isTaken = as === undefined ? same.length > 0 : this.#byKey.has(as);
    if (isTaken && !replace) throw duplicate(name);
    const kept = as === undefined ? [] : same.filter((other) => other !== this.#byKey.get(as));
    this.#byName.set(name, replace && as === undefined ? [pipeline] : [...kept, pipeline]);
    if (as !== undefined) this.#byKey.set(as, pipeline);
    return this;
  }

  has(wanted: string | object): boolean {
    return typeof wanted === 'string' ? this.#byName.has(wanted) : this.#byKey.has(wanted);
  }

  /**
   * @param wanted a name, or the module that the pipeline is made of
   * @throws REGISTRY_UNKNOWN with the names that are registered, or where a name stands for more than one
   */
  get(wanted: string | object): RunnablePipeline {
    const found = typeof wanted === 'string' ? (this.#byName.get(wanted) ?? []) : [this.#byKey.get(wanted)];
    const [pipeline, second] = found;
    if (pipeline !== undefined && second === undefined) return pipeline;
    throw unknown(nameOf(wanted), found.length, this.names);
  }

  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  *[Symbol.iterator](): IterableIterator<RunnablePipeline> {
    for (const pipelines of this.#byName.values()) yield* pipelines;
  }
}

function nameOf(wanted: string | object): string {
  if (typeof wanted === 'string') return wanted;
  if (typeof wanted === 'function') return wanted.name;
  const { module } = wanted as { readonly module?: unknown };
  return typeof module === 'function' ? module.name : String(wanted);
}

function duplicate(name: string): StageflowError {
  return new StageflowError({
    code: 'REGISTRY_DUPLICATE',
    message: `A pipeline "${name}" is already registered.`,
    fix: 'Choose another name, or register with { replace: true }.',
    details: { name },
  });
}

function unknown(name: string, found: number, names: readonly string[]): StageflowError {
  const suggestion = new ClosestName(new Map(names.map((known) => [known, known]))).of(name);
  const isShared = found > 1;
  return new StageflowError({
    code: 'REGISTRY_UNKNOWN',
    message: isShared
      ? `${found} pipelines are registered as "${name}".`
      : `No pipeline "${name}" is registered. Registered: ${names.join(', ') || 'none'}.`,
    fix: isShared
      ? 'Ask by the module object that was imported.'
      : suggestion === undefined
        ? 'Register it first, or use one of these names.'
        : `Did you mean "${suggestion}"?`,
    details: { name, registered: names, ...(suggestion === undefined ? {} : { suggestion }) },
  });
}
