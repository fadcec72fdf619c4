/*
 * Builds the singletons of an application.
 *
 * Owns: the order of construction. Does not own: how one value is made (InstanceBuilder), nor disposal.
 *
 * Invariants
 *  1. A value is built once everything it needs is there; what does not wait for each other is built at the same time.
 *  2. After the first failure nothing new is started, and the boot rejects once nothing is under way any more, so that
 *     whatever was built is known to the disposal list by then.
 *  3. `#drain` never nests: completions only put nodes into the queue, so the stack does not grow with the graph.
 */
import { Scope } from '../metadata/index.js';
import type { Frame } from './frame.js';
import type { InstanceBuilder } from './instance-builder.js';
import { Pending } from './pending.js';
import type { PlanNode } from './plan-node.js';

/** Fills `frame.values` with every singleton among the nodes. @throws DI_CONSTRUCTION_FAILED for the first that fails */
export function bootSingletons(nodes: readonly PlanNode[], builder: InstanceBuilder, frame: Frame): Promise<void> {
  const shared = nodes.filter((node) => !node.needsRun);
  return new Promise((resolve, reject) => new Boot(shared, builder, frame, resolve, reject).start());
}

class Boot {
  readonly #builder: InstanceBuilder;
  readonly #frame: Frame;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  readonly #missing = new Map<PlanNode, number>();
  readonly #askers = new Map<PlanNode, PlanNode[]>();
  readonly #ready: PlanNode[] = [];
  #next = 0;
  #underWay = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    nodes: readonly PlanNode[],
    builder: InstanceBuilder,
    frame: Frame,
    resolve: () => void,
    reject: (error: unknown) => void,
  ) {
    this.#builder = builder;
    this.#frame = frame;
    this.#resolve = resolve;
    this.#reject = reject;
    for (const node of nodes) this.#expect(node);
  }

  start(): void {
    this.#drain();
  }

  /** Lazy dependencies are not waited for. */
  #expect(node: PlanNode): void {
    let missing = 0;
    for (const { node: needed, form } of node.dependencies) {
      if (needed === null || form !== 'value') continue;
      missing += 1;
      const askers = this.#askers.get(needed);
      if (askers === undefined) this.#askers.set(needed, [node]);
      else askers.push(node);
    }
    this.#missing.set(node, missing);
    if (missing === 0) this.#ready.push(node);
  }

  #drain(): void {
    while (this.#next < this.#ready.length && this.#failure === undefined) {
      this.#build(this.#ready[this.#next++] as PlanNode);
    }
    if (this.#underWay > 0) return;
    if (this.#failure !== undefined) this.#reject(this.#failure.error);
    else this.#resolve();
  }

  #build(node: PlanNode): void {
    // A transient is built where it is needed; here it only passes on that everything it needs is there.
    if (node.scope !== Scope.Singleton) {
      this.#built(node, undefined);
      return;
    }
    try {
      const value = this.#builder.builder(node)(this.#frame);
      if (Pending.is(value)) this.#await(node, value);
      else this.#built(node, value);
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  #await(node: PlanNode, pending: Pending): void {
    this.#underWay += 1;
    pending.settled
      .then(
        () => this.#built(node, pending.value),
        (error: unknown) => {
          this.#failure ??= { error };
        },
      )
      .finally(() => {
        this.#underWay -= 1;
        this.#drain();
      });
  }

  #built(node: PlanNode, value: unknown): void {
    if (node.scope === Scope.Singleton) this.#frame.values[node.index] = value;
    for (const asker of this.#askers.get(node) ?? []) {
      const missing = (this.#missing.get(asker) ?? 0) - 1;
      this.#missing.set(asker, missing);
      if (missing === 0) this.#ready.push(asker);
    }
  }
}
