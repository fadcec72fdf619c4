import type { Engine, RunInput, RunOutcome, StageResult } from '../../../src/run/index.js';
import type { AnyInterceptor, StageContext, StageKind, StageSpec } from '../../../src/stage/index.js';
import { Rig } from '../run/hand-bound.js';

export interface RoundOptions {
  readonly interceptors: readonly AnyInterceptor[];
  readonly run?: (ctx: StageContext, call: number) => unknown;
  readonly kind?: StageKind;
  readonly name?: string;
}

/** One stage, run again and again with the same interceptors, as an application does; counts how often its body runs. */
export class Rounds {
  calls = 0;
  readonly rig: Rig;
  readonly engine: Engine;
  readonly #stage: string;

  constructor({ interceptors, run = () => ({ done: true }), kind = 'transform', name = 'a' }: RoundOptions) {
    this.#stage = name;
    const applying = interceptors.filter((interceptor) => interceptor.appliesTo?.({ name, kind } as StageSpec) ?? true);
    this.rig = new Rig([{ name, kind, interceptors: applying, run: (ctx) => run(ctx, ++this.calls) }]);
    this.engine = this.rig.engine;
  }

  get clock() {
    return this.rig.clock;
  }

  start(input?: RunInput) {
    return this.rig.start(input);
  }

  /** How the stage ended in a run that needs no time. */
  async round(input?: RunInput): Promise<StageResult> {
    return this.resultOf(await this.start(input).result);
  }

  resultOf(outcome: RunOutcome): StageResult {
    return outcome.results.stage(this.#stage);
  }

  /** The codes of the failures of several rounds, one after the other; `ok` and the like where there is none. */
  async codes(count: number, input?: RunInput): Promise<string[]> {
    const codes: string[] = [];
    for (let index = 0; index < count; index++) codes.push(codeOf(await this.round(input)));
    return codes;
  }

  /** The same of several at once. */
  async codesAtOnce(count: number, input?: RunInput): Promise<string[]> {
    const runs = Array.from({ length: count }, () => this.round(input));
    return (await Promise.all(runs)).map(codeOf);
  }
}

export function codeOf({ failure, status }: StageResult): string {
  return failure?.code ?? status;
}
