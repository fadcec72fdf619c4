/*
 * Interceptors that stand side by side and need no wait: run in line, one after the other, before and after what they are
 * around.
 *
 * Invariants
 *  1. `after` is called for exactly the layers whose `before` has returned, innermost first.
 *  2. What a layer throws becomes a failure that names it, or, of an observer, a report.
 *  3. Nothing belongs to the chain but its layers: what a call keeps is in its InlineCall.
 */
import {
  type AnyInterceptor,
  type InlineInterceptor,
  InterceptorRole,
  type StageContext,
  StageOutput,
} from '../stage/index.js';
import type { Core, LayerPlace } from './core.js';
import { failureOf, resultInvalid } from './layer-failures.js';
import { roleOf } from './order.js';

/** What a chain asks of what it is part of. */
export type InlineHost = Pick<Core, 'contained' | 'sealed'>;

/** One call of a chain. */
export interface InlineCall {
  readonly ctx: StageContext;
  /** What the outermost layer gave to be kept: often it is the only one that has something to. */
  first: unknown;
  /** What those inside of it gave, in their order, at one place less; null if none has anything to keep. */
  readonly others: unknown[] | null;
  /** How many layers have been entered. */
  depth: number;
  /** What a security layer refused with, which stands. */
  sealed: StageOutput | null;
}

/** Kept of an observer whose `before` has thrown. */
const NOT_ENTERED = Symbol('not entered');

export class InlineChain {
  private readonly layers: readonly InlineInterceptor<unknown>[];
  private readonly roles: readonly InterceptorRole[];
  private readonly host: InlineHost;
  private readonly place: LayerPlace;

  /** How many layers, from the outermost on, may have something to keep. */
  private readonly keeps: number;

  // Private by type only: it is on the path of every stage.
  /** @param layers outermost first */
  constructor(layers: readonly InlineInterceptor<unknown>[], host: InlineHost, place: LayerPlace) {
    this.layers = layers;
    this.roles = layers.map(roleOf);
    this.host = host;
    this.place = place;
    this.keeps = layers.findLastIndex((layer) => layer.before !== undefined) + 1;
  }

  call(ctx: StageContext): InlineCall {
    const others = this.keeps > 1 ? new Array<unknown>(this.keeps - 1) : null;
    return { ctx, first: undefined, others, depth: 0, sealed: null };
  }

  /** @returns what a layer answered instead of what is inside; null if that is to run */
  enter(call: InlineCall): StageOutput | null {
    const layers = this.layers;
    const { ctx } = call;
    for (let index = 0; index < this.keeps; index++) {
      const layer = layers[index] as InlineInterceptor<unknown>;
      if (layer.before !== undefined) {
        let state: unknown;
        try {
          state = layer.before(ctx);
        } catch (error) {
          const failed = this.broken(index, call, error);
          if (failed !== null) return failed;
          state = NOT_ENTERED;
        }
        if (state instanceof StageOutput && this.roles[index] !== InterceptorRole.Observer) {
          call.depth = index + 1;
          return this.answered(index, call, state);
        }
        if (index === 0) call.first = state;
        else (call.others as unknown[])[index - 1] = state;
      }
      call.depth = index + 1;
    }
    call.depth = layers.length;
    return null;
  }

  /** @returns what stands after all layers that were entered */
  leave(call: InlineCall, output: StageOutput): StageOutput {
    const { ctx } = call;
    let last = output;
    for (let index = call.depth - 1; index >= 0; index--) {
      const layer = this.layers[index] as InlineInterceptor<unknown>;
      if (layer.after === undefined) continue;
      const state = index === 0 ? call.first : index < this.keeps ? (call.others as unknown[])[index - 1] : undefined;
      if (state === NOT_ENTERED) continue;
      try {
        const answer: unknown = layer.after(ctx, last, state);
        if (answer !== undefined && answer !== last && this.roles[index] !== InterceptorRole.Observer) {
          last = this.replaced(index, call, answer);
        }
      } catch (error) {
        last = this.broken(index, call, error) ?? last;
      }
    }
    return call.sealed ?? last;
  }

  private replaced(index: number, call: InlineCall, answer: unknown): StageOutput {
    if (answer instanceof StageOutput) return this.answered(index, call, answer);
    return resultInvalid(this.layers[index] as AnyInterceptor, this.place, answer);
  }

  /** A refusal of a security layer stands, whatever is made of it further out. */
  private answered(index: number, call: InlineCall, output: StageOutput): StageOutput {
    if (this.roles[index] === InterceptorRole.Security && output.failure !== null) {
      call.sealed ??= output;
      this.host.sealed(call.ctx, output);
    }
    return output;
  }

  /** @returns null where it changes nothing */
  private broken(index: number, call: InlineCall, error: unknown): StageOutput | null {
    const layer = this.layers[index] as AnyInterceptor;
    if (this.roles[index] === InterceptorRole.Observer) {
      this.host.contained(call.ctx, layer, error);
      return null;
    }
    return this.answered(index, call, failureOf(layer, this.place, error));
  }
}
