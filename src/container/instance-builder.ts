/*
 * Turns planned nodes into functions that build them.
 *
 * Owns: how a value is made from its dependencies. Does not own: when, in which order, and where it is kept.
 *
 * Invariants
 *  1. What a value is built from is there before it: the plan's order is kept by whoever calls. Only lazy references
 *     look at places that may still be empty, and say so.
 *  2. Everything made by a constructor or factory is handed to the frame's disposal list; values, what the run brings
 *     and what tsyringe resolves belong to somebody else and never are.
 *  3. Only what factories return is awaited. A promise that is a value is passed on as it is.
 */
import { StageflowError } from '../errors/index.js';
import { Scope } from '../metadata/index.js';
import { messageOf, type RunContext } from '../stage/index.js';
import { type Frame, UNBUILT } from './frame.js';
import { LazyReference, readTooEarly, standInFor } from './lazy-reference.js';
import { isThenable, Pending, whenSettled } from './pending.js';
import { chainTo, type PlanNode, type PlannedDependency, showPath } from './plan-node.js';

/** Gives a value, or a pending one, in a frame. */
export type Read = (frame: Frame) => unknown;

const readNothing: Read = () => undefined;

export class InstanceBuilder {
  readonly #singletons: readonly unknown[];
  readonly #slots: ReadonlyMap<PlanNode, number>;
  readonly #builders = new Map<PlanNode, Read>();

  /**
   * @param singletons the values of the application by node index, filled or still to be filled
   * @param slots where run-scoped values stand in the frame of a run; empty for the application
   */
  constructor(singletons: readonly unknown[], slots: ReadonlyMap<PlanNode, number> = new Map()) {
    this.#singletons = singletons;
    this.#slots = slots;
  }

  /** Gets what a node stands for: the kept value, or a new one if it is transient. */
  reader(node: PlanNode): Read {
    const { target } = node;
    const { source } = target.record;
    if (source.kind === 'run') return (frame) => source.read(frame.run as RunContext);
    if (source.kind === 'value') return () => source.value;
    if (target.scope === Scope.Transient) return this.builder(target);
    const slot = this.#slots.get(target);
    if (slot !== undefined) return (frame) => frame.values[slot];
    const { index } = target;
    return () => this.#singletons[index];
  }

  /** Makes a new value of a node. */
  builder(node: PlanNode): Read {
    let build = this.#builders.get(node);
    if (build === undefined) {
      build = this.#compile(node);
      this.#builders.set(node, build);
    }
    return build;
  }

  #compile(node: PlanNode): Read {
    const { source } = node.record;
    switch (source.kind) {
      case 'class': {
        const { useClass } = source;
        return this.#compileCall(node, (args) => new useClass(...args));
      }
      case 'factory': {
        const { factory } = source;
        return this.#compileCall(node, (args) => factory(...args));
      }
      case 'parent':
        return () => this.#guard(node, source.resolve);
      default:
        return this.reader(node);
    }
  }

  #compileCall(node: PlanNode, call: (args: unknown[]) => unknown): Read {
    const awaited = node.record.source.kind === 'factory';
    const readers = node.dependencies.map((dependency) => this.#dependency(dependency));
    const create = (frame: Frame, args: unknown[]): unknown => {
      const made = this.#guard(node, () => call(args));
      const own = (value: unknown): unknown => {
        // A factory that hands on what it was given has made nothing to dispose.
        if (!awaited || !args.includes(value)) frame.owned.add(value, node.name);
        return value;
      };
      if (!awaited || !isThenable(made)) return own(made);
      return new Pending(this.#guardLater(node, made), own);
    };
    return (frame) => {
      const args: unknown[] = [];
      let pending = false;
      for (const read of readers) {
        const value = read(frame);
        // Only behind a lazy reference that is read too soon.
        if (value === UNBUILT) throw readTooEarly(node.name);
        if (Pending.is(value)) pending = true;
        args.push(value);
      }
      return pending ? whenSettled(args, (settled) => create(frame, settled)) : create(frame, args);
    };
  }

  #dependency({ node, form }: PlannedDependency): Read {
    if (node === null) return readNothing;
    if (form === 'value') return this.reader(node);
    // Compiled when first read, since it may lead back to what is being compiled.
    return (frame) => {
      let read: (() => unknown) | undefined;
      const reference = new LazyReference(node.name, () => {
        read ??= this.#onceBuilt(node, frame);
        return read();
      });
      return form === 'lazy' ? reference : standInFor(reference);
    };
  }

  /** A transient behind a lazy reference is made once, when it is first read. */
  #onceBuilt(node: PlanNode, frame: Frame): () => unknown {
    const read = this.reader(node);
    if (node.target.scope !== Scope.Transient) return () => read(frame);
    const made = read(frame);
    if (!Pending.is(made)) return () => made;
    let give = (): unknown => UNBUILT;
    made.settled.then(
      () => {
        give = () => made.value;
      },
      (error: unknown) => {
        give = () => {
          throw error;
        };
      },
    );
    return () => give();
  }

  #guard(node: PlanNode, call: () => unknown): unknown {
    try {
      return call();
    } catch (cause) {
      throw constructionFailed(node, cause);
    }
  }

  async #guardLater(node: PlanNode, made: PromiseLike<unknown>): Promise<unknown> {
    try {
      return await made;
    } catch (cause) {
      throw constructionFailed(node, cause);
    }
  }
}

function constructionFailed(node: PlanNode, cause: unknown): StageflowError {
  const chain = chainTo(node);
  return new StageflowError({
    code: 'DI_CONSTRUCTION_FAILED',
    message: `${node.name} could not be built: ${messageOf(cause)} (${showPath(chain)}).`,
    fix: 'The cause is what its constructor or factory threw.',
    details: { provider: node.name, chain },
    cause,
  });
}
