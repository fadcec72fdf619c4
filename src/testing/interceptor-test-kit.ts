import type { RunInput, StageResult } from '../run/index.js';
import { type AnyInterceptor, messageOf, StageKind, StageOutput } from '../stage/index.js';
import { Gate } from './gate.js';
import { InterceptorRig } from './interceptor-rig.js';
import { settle } from './manual-clock.js';

/** What the interceptor is allowed to do, besides what every interceptor may. */
export interface InterceptorKitOptions {
  /** It makes a success of some failures, as a fallback does. Default false. */
  readonly recovers?: boolean;
  /** It hands on something else than the stage did. Default false. */
  readonly changesOutput?: boolean;
  /** It refuses to run the stage when it runs too often, as a rate limit does. Default false. */
  readonly refuses?: boolean;
  /** The kind of the stage it is tested around. Default transform. */
  readonly kind?: StageKind;
  /** What the runs are started with, which differs from run to run. Default: a text. */
  readonly input?: (index: number) => RunInput;
}

/** One test, for whatever test runner you use. */
export interface InterceptorCase {
  /** A sentence that begins with what the interceptor does. */
  readonly name: string;
  /** Rejects with what is wrong. */
  run(): Promise<void>;
}

/**
 * What every interceptor has to keep, to be run against yours:
 * `for (const { name, run } of InterceptorTestKit.cases(() => new Audit())) it(name, run)`. Needs no time: it drives a clock
 * of its own, `ctx.clock`.
 */
export const InterceptorTestKit = Object.freeze({
  /** @param make gives a fresh interceptor for each case */
  cases(make: () => AnyInterceptor, options: InterceptorKitOptions = {}): readonly InterceptorCase[] {
    const subject = new Subject(make, options);
    return [
      { name: 'lets a success be one', run: () => subject.letsSuccessBeOne() },
      { name: 'makes no success of a failure', run: () => subject.makesNoSuccessOfFailure() },
      { name: 'takes anything that can be thrown', run: () => subject.takesAnythingThrown() },
      { name: 'lets a skip and a cancel be what they are', run: () => subject.letsOthersPass() },
      { name: 'keeps executions apart that run at the same time', run: () => subject.keepsExecutionsApart() },
      { name: 'ends with a run that is cancelled, while the stage runs', run: () => subject.endsWithStage() },
      {
        name: 'ends with a run that is cancelled, whatever it waits for itself',
        run: () => subject.endsWhileWaiting(),
      },
      { name: 'says for every kind of stage whether it applies', run: () => subject.saysWhereItApplies() },
    ];
  },
});

class Subject {
  readonly #make: () => AnyInterceptor;
  readonly #options: InterceptorKitOptions;

  constructor(make: () => AnyInterceptor, options: InterceptorKitOptions) {
    this.#make = make;
    this.#options = options;
  }

  async letsSuccessBeOne(): Promise<void> {
    const rig = this.#rig(() => ({ value: 1 }));
    for (const index of [0, 1]) {
      const result = await rig.round(this.#input(index));
      if (this.#isRefused(result)) continue;
      expectStatus(result, 'ok');
      if (this.#options.changesOutput === true) continue;
      demand(JSON.stringify(result.data) === '{"value":1}', 'The output is not what the stage handed on.');
    }
  }

  async makesNoSuccessOfFailure(): Promise<void> {
    const failures = [
      () => {
        throw new Error('thrown');
      },
      () => Promise.reject(new Error('rejected')),
      () => StageOutput.fail('returned', { retryable: false }),
    ];
    for (const [index, fail] of failures.entries()) {
      const result = await this.#rig(fail).round(this.#input(index));
      wellBehaved(result);
      if (this.#options.recovers !== true) expectStatus(result, 'fail');
    }
  }

  async takesAnythingThrown(): Promise<void> {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const [index, thrown] of [null, undefined, '', Number.NaN, Symbol('thrown'), proxy].entries()) {
      wellBehaved(await this.#rig(() => Promise.reject(thrown)).round(this.#input(index)));
    }
  }

  async letsOthersPass(): Promise<void> {
    if (this.#options.changesOutput === true) return;
    const skip = await this.#rig(() => StageOutput.skip('nothing')).round(this.#input(0));
    if (!this.#isRefused(skip)) expectStatus(skip, 'skip');
    const cancel = await this.#rig(() => StageOutput.cancel('enough')).round(this.#input(1));
    if (!this.#isRefused(cancel)) expectStatus(cancel, 'cancel');
  }

  async keepsExecutionsApart(): Promise<void> {
    const gate = new Gate();
    const rig = this.#rig(async ({ runId }) => {
      await gate.passed;
      return { runId };
    });
    const runs = Array.from({ length: 20 }, (_, index) => rig.start(this.#input(index)));
    await settle();
    gate.open();
    for (const [index, result] of (await rig.endings(runs)).entries()) {
      if (this.#isRefused(result)) continue;
      expectStatus(result, 'ok');
      if (this.#options.changesOutput === true) continue;
      const { runId } = result.data as { runId: string };
      demand(runId === runs[index]?.id, 'One execution was given the output of another.');
    }
  }

  async endsWithStage(): Promise<void> {
    const rig = this.#rig(({ signal }) => new Gate().pass(signal));
    const run = rig.start(this.#input(0));
    await settle();
    run.cancel('enough');
    for (const result of await rig.endings([run])) {
      wellBehaved(result);
      demand(result.status !== 'ok', 'A stage that was cancelled ends as ok.');
    }
  }

  async endsWhileWaiting(): Promise<void> {
    const rig = this.#rig(() => StageOutput.fail('busy', { retryable: true }));
    const runs = [0, 1, 2].map((index) => rig.start(this.#input(index)));
    await settle();
    for (const run of runs) run.cancel('enough');
    for (const result of await rig.endings(runs)) wellBehaved(result);
  }

  async saysWhereItApplies(): Promise<void> {
    const base = { name: 'Subject', dependsOn: [], condition: null, timeoutMs: null, priority: 0 };
    for (const kind of Object.values(StageKind)) {
      const answer: unknown = this.#make().appliesTo?.({ ...base, kind }) ?? true;
      demand(typeof answer === 'boolean', `appliesTo gives ${typeof answer} for a ${kind} stage, not true or false.`);
    }
  }

  #rig(execute: ConstructorParameters<typeof InterceptorRig>[2]): InterceptorRig {
    return new InterceptorRig(this.#make(), this.#options.kind ?? StageKind.Transform, execute);
  }

  #input(index: number): RunInput {
    return this.#options.input?.(index) ?? { inputText: `run ${index}` };
  }

  #isRefused(result: StageResult): boolean {
    wellBehaved(result);
    return this.#options.refuses === true && result.failure?.retryable === true;
  }
}

function expectStatus(result: StageResult, status: StageResult['status']): void {
  wellBehaved(result);
  const why = result.failure === null ? '' : ` (${messageOf(result.failure.error)})`;
  demand(result.status === status, `The stage should end as ${status}, but ends as ${result.status}${why}.`);
}

/** The onion says so itself when an interceptor throws, calls next() twice at once, or returns no output. */
function wellBehaved({ failure }: StageResult): void {
  demand(failure === null || !failure.code.startsWith('INTERCEPTOR_'), messageOf(failure?.error));
}

function demand(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}
