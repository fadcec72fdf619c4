/*
 * What can be said of a run. Every matcher has the form that `expect.extend` of vitest and of jest takes: the run first, then
 * the arguments, and a verdict whose message fits `expect(run)` as well as `expect(run).not`.
 */
import type { PipelineEvent } from '../events/index.js';
import type { RunOutcome, StageResult } from '../run/index.js';
import { messageOf, type OutputOf, type StageClass } from '../stage/index.js';
import { differences, show } from './differences.js';
import { timelineOf } from './event-recorder.js';
import type { RecordedRun } from './recorded-run.js';

/** A stage by its class, or by its name where a pipeline has the class more than once. */
export type StageRef = StageClass | string;

/** Some of what a stage hands on; matchers such as `expect.any(String)` may stand in it. */
export type PartOf<T> = T extends readonly unknown[] | Date
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: PartOf<T[K]> }
    : T;

/** What a matcher answers. */
export interface Verdict {
  readonly pass: boolean;
  /** What is wrong, be it that it is not so or, with `not`, that it is. */
  message(): string;
}

/** For `expect.extend(runMatchers)`. With vitest, `stageflow/testing/vitest` brings the types as well. */
export const runMatchers = Object.freeze({
  /** The stage completed; without one, the run did. */
  toHaveCompleted(run: RecordedRun, stage?: StageRef): Verdict {
    requireRun(run);
    if (stage === undefined) {
      return verdict(run, run.outcome.status === 'completed', 'The run', 'completed', endingOf(run));
    }
    const result = resultOf(run, stage);
    return verdict(run, result.status === 'ok', `Stage ${result.stage}`, 'completed', howItEnded(result));
  },

  /** The stage began, and not before all of the others had ended. */
  toHaveStartedAfter(run: RecordedRun, stage: StageRef, ...others: readonly StageRef[]): Verdict {
    requireRun(run);
    const { stage: name } = resultOf(run, stage);
    const names = others.map((other) => resultOf(run, other).stage);
    const started = run.events.find((event) => event.type === 'stage.started' && event.stage === name)?.sequence;
    const late = names.filter((other) => started === undefined || !endedBefore(run.events, other, started));
    const found = started === undefined ? 'it never started' : `it started before ${late.join(' and ')} had ended`;
    return verdict(run, late.length === 0, `Stage ${name}`, `started after ${names.join(' and ')} had ended`, found);
  },

  /** The stage handed this on, and perhaps more. */
  toHaveOutput(run: RecordedRun, stage: StageRef, expected: unknown): Verdict {
    requireRun(run);
    const { stage: name, status, data, ...rest } = resultOf(run, stage);
    const wrong = differences(expected, data);
    const found =
      status === 'ok'
        ? `its output differs:\n${wrong.map((line) => `  ${line}`).join('\n')}`
        : howItEnded({ stage: name, status, data, ...rest });
    return verdict(run, status === 'ok' && wrong.length === 0, `Stage ${name}`, `handed on ${show(expected)}`, found);
  },

  /** The stage failed with this code; without one, the run did, or a stage of it, or what either wraps. */
  toHaveFailedWith(run: RecordedRun, code: string, stage?: StageRef): Verdict {
    requireRun(run);
    if (stage !== undefined) {
      const result = resultOf(run, stage);
      return verdict(
        run,
        result.failure?.code === code,
        `Stage ${result.stage}`,
        `failed with ${code}`,
        howItEnded(result),
      );
    }
    const { outcome } = run;
    const codes = outcome.status === 'failed' ? codesOf(outcome) : [];
    return verdict(run, codes.includes(code), 'The run', `failed with ${code}`, endingOf(run));
  },

  /** The stage was skipped, for this reason if one is given. */
  toHaveSkipped(run: RecordedRun, stage: StageRef, reason?: string): Verdict {
    requireRun(run);
    const result = resultOf(run, stage);
    const pass = result.status === 'skip' && (reason === undefined || result.reason === reason);
    const expected = reason === undefined ? 'been skipped' : `been skipped because of "${reason}"`;
    return verdict(run, pass, `Stage ${result.stage}`, expected, howItEnded(result));
  },

  /** The run reported an event of this type with these fields, or one that a stage sent by this name with this data. */
  toHaveEmitted(run: RecordedRun, type: string, fields: unknown = {}): Verdict {
    requireRun(run);
    const candidates = run.events.flatMap((event) => {
      if (event.type === type) return [event];
      return event.type === 'custom' && event.name === type ? [event.data] : [];
    });
    const wrong = candidates.map((candidate) => differences(fields, candidate));
    const closest = wrong.toSorted((a, b) => a.length - b.length)[0];
    const found =
      closest === undefined ? 'it did not' : `the closest of ${wrong.length} differs:\n  ${closest.join('\n  ')}`;
    const what = `emitted ${type}${Object.keys(fields as object).length === 0 ? '' : ` with ${show(fields)}`}`;
    return verdict(run, closest?.length === 0, 'The run', what, found);
  },
});

/** The matchers as `expect(run)` offers them. `R` is what calling one gives. */
export interface RunAssertions<R = void> {
  /** The stage completed; without one, the run did. */
  toHaveCompleted(stage?: StageRef): R;
  /** The stage began, and not before all of the others had ended. */
  toHaveStartedAfter(stage: StageRef, ...others: readonly [StageRef, ...StageRef[]]): R;
  /** The stage handed this on, and perhaps more. */
  toHaveOutput<S extends StageRef>(stage: S, expected: S extends StageClass ? PartOf<OutputOf<S>> : object): R;
  /** The stage failed with this code; without one, the run did, or a stage of it, or what either wraps. */
  toHaveFailedWith(code: string, stage?: StageRef): R;
  /** The stage was skipped, for this reason if one is given. */
  toHaveSkipped(stage: StageRef, reason?: string): R;
  /** The run reported an event of this type with these fields, or one that a stage sent by this name with this data. */
  toHaveEmitted(type: string, fields?: object): R;
}

function verdict(run: RecordedRun, pass: boolean, who: string, what: string, found: string): Verdict {
  return {
    pass,
    message: () => {
      const summary = pass
        ? `${who} should not have ${what}, but it has.`
        : `${who} should have ${what}, but ${found}.`;
      return [
        summary.replace(/(?<=\n.*)\.$/s, ''),
        '',
        'The run:',
        ...timelineOf(run.events).map((line) => `  ${line}`),
      ].join('\n');
    },
  };
}

function requireRun(run: RecordedRun): void {
  if (Array.isArray(run?.events) && run.outcome?.results !== undefined) return;
  throw new TypeError(
    `This matcher looks at a run: what record() of a pipeline test, or run() of a stage test, gives. It got ${show(run)}.`,
  );
}

function resultOf({ outcome }: RecordedRun, stage: StageRef): StageResult {
  return outcome.results.stage(stage);
}

function howItEnded({ status, reason, failure }: StageResult): string {
  if (failure !== null) return `it failed with ${failure.code}: ${messageOf(failure.error)}`;
  return `it ended as ${status}${reason === null ? '' : ` (${reason})`}`;
}

function endingOf({ outcome }: RecordedRun): string {
  return outcome.status === 'completed' ? 'it completed' : `it ${outcome.status}: ${messageOf(outcome.error)}`;
}

/** Of the error of the run, of what it wraps, and of the stages that failed. */
function codesOf({ error, results }: Extract<RunOutcome, { status: 'failed' }>): readonly string[] {
  const codes = results.failures.flatMap(({ failure }) => failure?.code ?? []);
  const seen = new Set<unknown>();
  for (let next: unknown = error; next instanceof Error && !seen.has(next); next = next.cause) {
    seen.add(next);
    const { code } = next as { readonly code?: unknown };
    if (typeof code === 'string') codes.push(code);
  }
  return codes;
}

const STAGE_ENDINGS: ReadonlySet<PipelineEvent['type']> = new Set([
  'stage.completed',
  'stage.skipped',
  'stage.failed',
  'stage.cancelled',
]);

function endedBefore(events: readonly PipelineEvent[], stage: string, sequence: number): boolean {
  return events.some(
    (event) => STAGE_ENDINGS.has(event.type) && 'stage' in event && event.stage === stage && event.sequence < sequence,
  );
}
