import type { StageSpec } from '../stage/index.js';
import { FailurePolicy } from './graph-init.js';
import { ProblemList } from './problem-list.js';
import { describeValue, quote } from './quote.js';
import { StageReader } from './read-stage.js';

/** An init after each value was looked at on its own: defaults filled in, bad values replaced and reported. */
export interface GraphDraft {
  readonly name: string;
  readonly failurePolicy: FailurePolicy;
  readonly maxConcurrency: number | null;
  /** One per entry, in order. The name is '' where the entry has no usable one. */
  readonly stages: readonly StageSpec[];
  readonly found: ProblemList;
}

const POLICIES: readonly unknown[] = Object.values(FailurePolicy);

/** Reads what may come from untyped code, so nothing about its shape is assumed. */
export function readInit(init: unknown): GraphDraft {
  const fields = (typeof init === 'object' && init !== null ? init : {}) as Readonly<Record<string, unknown>>;
  const named = typeof fields.name === 'string' && fields.name.trim() !== '';
  const name = named ? (fields.name as string) : '';
  const found = new ProblemList(name);
  if (!named) {
    found.add({
      code: 'GRAPH_OPTION_INVALID',
      message: `A pipeline needs a name, but its name is ${describeValue(fields.name)}.`,
      fix: 'Give it a name that is not blank.',
      path: 'name',
    });
  }
  return {
    name,
    failurePolicy: readFailurePolicy(fields.failurePolicy, name, found),
    maxConcurrency: readMaxConcurrency(fields.maxConcurrency, name, found),
    stages: readStages(fields.stages, name, found),
    found,
  };
}

function readStages(value: unknown, pipeline: string, found: ProblemList): StageSpec[] {
  if (!Array.isArray(value)) {
    found.add({
      code: 'GRAPH_STAGE_INVALID',
      message: `The stages of pipeline ${quote(pipeline)} must be an array, but are ${describeValue(value)}.`,
      fix: 'Give a list of stages.',
      path: 'stages',
    });
    return [];
  }
  if (value.length === 0) {
    found.add({
      code: 'GRAPH_EMPTY',
      message: `Pipeline ${quote(pipeline)} has no stages.`,
      fix: 'Add at least one stage.',
      path: 'stages',
    });
  }
  const reader = new StageReader(pipeline, found);
  // Array.from visits the holes of a sparse array, which map would leave as holes.
  return Array.from(value, (stage: unknown, position) => reader.read(stage, position));
}

function readMaxConcurrency(value: unknown, pipeline: string, found: ProblemList): number | null {
  if (value === undefined || value === null) return null;
  if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number;
  found.add({
    code: 'GRAPH_OPTION_INVALID',
    message: `maxConcurrency of pipeline ${quote(pipeline)} must be a whole number of at least 1, but is ${describeValue(value)}.`,
    fix: 'Give such a number, or leave it out for no limit.',
    path: 'maxConcurrency',
  });
  return null;
}

function readFailurePolicy(value: unknown, pipeline: string, found: ProblemList): FailurePolicy {
  if (value === undefined) return FailurePolicy.FailFast;
  if (POLICIES.includes(value)) return value as FailurePolicy;
  found.add({
    code: 'GRAPH_OPTION_INVALID',
    message: `failurePolicy of pipeline ${quote(pipeline)} must be "fail-fast" or "continue", but is ${describeValue(value)}.`,
    fix: 'Give one of the two, or leave it out for "fail-fast".',
    path: 'failurePolicy',
  });
  return FailurePolicy.FailFast;
}
