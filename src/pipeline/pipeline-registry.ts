import { StageflowError } from '../errors/index.js';
import type { RunnablePipeline } from './runnable-pipeline.js';

export interface RegisterOptions {
  /** Take the place of a pipeline already registered under the name. Default false: that is an error. */
  readonly replace?: boolean;
}

/** Pipelines by name, for callers that learn only at run time which one to run. */
export class PipelineRegistry<P extends { readonly name: string } = RunnablePipeline> {
  readonly #pipelines = new Map<string, P>();

  /** @throws REGISTRY_DUPLICATE if the name is taken, unless `replace` */
  register(pipeline: P, options: RegisterOptions = {}): this {
    const { name } = pipeline;
    if (this.#pipelines.has(name) && !options.replace) {
      throw new StageflowError({
        code: 'REGISTRY_DUPLICATE',
        message: `A pipeline "${name}" is already registered.`,
        fix: 'Choose another name, or register with { replace: true }.',
        details: { name },
      });
    }
    this.#pipelines.set(name, pipeline);
    return this;
  }

  has(name: string): boolean {
    return this.#pipelines.has(name);
  }

  /** @throws REGISTRY_UNKNOWN with the names that are registered */
  get(name: string): P {
    const pipeline = this.#pipelines.get(name);
    if (pipeline !== undefined) return pipeline;
    throw new StageflowError({
      code: 'REGISTRY_UNKNOWN',
      message: `No pipeline "${name}" is registered. Registered: ${this.names.join(', ') || 'none'}.`,
      fix: 'Register it first, or use one of these names.',
      details: { name, registered: this.names },
    });
  }

  get names(): readonly string[] {
    return [...this.#pipelines.keys()];
  }

  [Symbol.iterator](): IterableIterator<P> {
    return this.#pipelines.values();
  }
}
