import { MemorySink } from '../../../src/events/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import type { EngineOptions, PipelineRun, RunInput, RunOptions } from '../../../src/run/index.js';
import type { ItemContext, ItemIterable, ItemPolicy } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { ManualClock } from '../../../src/testing/manual-clock.js';

/** What these tests say of a stage with items; everything else is as usual. */
export interface ItemSetup {
  readonly items?: (ctx: { readonly signal: AbortSignal }) => ItemIterable<string>;
  readonly each?: (ctx: ItemContext, item: string) => unknown;
  readonly key?: (item: string, index: number) => string | number;
  readonly concurrency?: number;
  readonly policy?: ItemPolicy;
  // What the builder takes besides.
  readonly [option: string]: unknown;
}

/** A pipeline with one stage, `work`, that works on the letters a, b, c… and waits at a gate for each, on a manual clock. */
export class ItemRig {
  readonly clock = new ManualClock();
  readonly sink = new MemorySink();
  readonly gates = new Map<string, Gate<object>>();
  /** Every call of `each`, in order. */
  readonly calls: string[] = [];
  readonly #start: (input: RunInput, options: RunOptions) => PipelineRun;

  constructor(
    setup: ItemSetup = {},
    options: EngineOptions = {},
    extra: (base: Pipeline<any>) => Pipeline<any> = (p) => p,
  ) {
    const { items = () => ['a', 'b', 'c'], each = (ctx, item) => this.wait(ctx, item), key = (item) => item } = setup;
    const base = new Pipeline('rig').withStage('list', () => ({}));
    const pipeline = base.forEach('work', 'list', (_, ctx) => items(ctx), {
      ...(setup as object),
      key,
      each: (ctx: ItemContext, item: string) => {
        this.calls.push(item);
        return each(ctx, item) as object;
      },
    } as never) as Pipeline<any>;
    const engine = { clock: this.clock, sinks: [this.sink], graceMs: 100, ...options };
    const built = extra(pipeline).build(engine);
    this.#start = (input, more) => built.start(input, more);
  }

  start(input: RunInput = {}, options: RunOptions = {}): PipelineRun {
    return this.#start(input, options);
  }

  gate(item: string): Gate<object> {
    let gate = this.gates.get(item);
    if (gate === undefined) {
      gate = new Gate<object>();
      this.gates.set(item, gate);
    }
    return gate;
  }

  /** Waits until its gate opens, or it is told to stop. */
  wait(ctx: ItemContext, item: string): Promise<object> {
    return new Promise((resolve, reject) => {
      ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason));
      this.gate(item).pass().then(resolve, reject);
    });
  }

  /** `started a`, `completed a`… */
  get story(): string[] {
    return this.sink.events.flatMap((event) =>
      event.type.startsWith('stage.item.') && 'key' in event ? [`${event.type.slice(11)} ${event.key}`] : [],
    );
  }
}
