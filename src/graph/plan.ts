import { DefinitionError, type Problem } from '../errors/index.js';
import type { StageSpec } from '../stage/index.js';
import { analyseGraph, type GraphAnalysis } from './analyse.js';
import type { FailurePolicy } from './graph-init.js';
import { describeValue, quote } from './quote.js';

/** The version of the plan format that this release writes and reads. */
export const PLAN_VERSION = 1;

/** What the hash covers. The order of stages and of dependencies counts, because it decides ties and what is shown. */
export interface PlanContent {
  readonly name: string;
  readonly failurePolicy: FailurePolicy;
  readonly maxConcurrency: number | null;
  readonly stages: readonly StageSpec[];
}

/** A graph as stored: plain data for `JSON.stringify`. */
export interface PlanJson extends PlanContent {
  readonly version: typeof PLAN_VERSION;
  /** SHA-256 in hex of the rest. */
  readonly hash: string;
}

/** Values are hashed by position, so that the order of keys does not matter. */
export function hashPlan({ name, failurePolicy, maxConcurrency, stages }: PlanContent): string {
  // Loading node:crypto takes about 4 ms, which programs that never ask for a hash should not pay at import.
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  hash.update(JSON.stringify([PLAN_VERSION, name, failurePolicy, maxConcurrency, stages.length]));
  for (const { name, kind, dependsOn, condition, timeoutMs, priority, ...rare } of stages) {
    const edges = dependsOn.map(({ stage, optional }) => [stage, optional]);
    hash.update(`\n${JSON.stringify([name, kind, edges, condition, timeoutMs, priority, ...rareOf(rare)])}`);
  }
  return hash.digest('hex');
}

/** Nothing for a stage without them: what was hashed before they existed keeps its hash. */
function rareOf({
  retryFrom,
  quorums,
  compensates,
  idempotent,
}: Pick<StageSpec, 'retryFrom' | 'quorums' | 'compensates' | 'idempotent'>): unknown[] {
  const flags = idempotent === undefined ? [] : [idempotent];
  if (retryFrom === undefined && quorums === undefined && compensates === undefined && flags.length === 0) return [];
  const loop = retryFrom && [retryFrom.stage, retryFrom.attempts, retryFrom.timeoutMs, retryFrom.stagnation];
  return [loop ?? null, (quorums ?? []).map(({ atLeast, of }) => [atLeast, of]), compensates ?? false, ...flags];
}

/** Checks a stored plan by the rules for definitions. The hash is not compared yet. */
export function readPlan(json: unknown): { readonly analysis: GraphAnalysis; readonly hash: string } {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    const fix = 'Hand over what JSON.parse gives for a stored plan.';
    throw planError([planProblem('', `A plan must be an object, but is ${describeValue(json)}.`, fix)]);
  }
  const { version, hash } = json as Readonly<Record<string, unknown>>;
  if (version !== PLAN_VERSION) throw planError([versionProblem(version)]);
  const analysis = analyseGraph(json);
  const problems = analysis.problems.map(asPlanProblem);
  if (typeof hash !== 'string') {
    const fix = 'Store plans with their hash, as toJSON writes it.';
    problems.push(planProblem('hash', `The hash of a plan must be a string, but is ${describeValue(hash)}.`, fix));
  }
  if (problems.length > 0) throw planError(problems);
  return { analysis, hash: hash as string };
}

/** The error for a plan whose content is not what was hashed. */
export function planHashMismatch(pipeline: string, stored: string, computed: string): DefinitionError {
  const message = `The plan of pipeline ${quote(pipeline)} was changed after it was written: its hash does not fit it.`;
  const fix = 'Read the plan as it was stored, or make a new one from the definition.';
  return planError([planProblem('hash', message, fix, { pipeline, stored, computed })]);
}

function versionProblem(version: unknown): Problem {
  const newer = typeof version === 'number' && version > PLAN_VERSION;
  return newer
    ? planProblem(
        'version',
        `The plan has version ${version}; this release of stageflow reads version ${PLAN_VERSION}.`,
        'Read it with the release that wrote it, or a later one.',
        { version },
      )
    : planProblem(
        'version',
        `The version of a plan must be ${PLAN_VERSION}, but is ${describeValue(version)}.`,
        'Hand over what toJSON wrote.',
      );
}

function asPlanProblem({ code, message, fix, details }: Problem): Problem {
  return planProblem(String(details.at), message, fix, { ...details, rule: code });
}

function planProblem(
  at: string,
  message: string,
  fix: string,
  details: Readonly<Record<string, unknown>> = {},
): Problem {
  const where = at === '' ? '' : `${at}: `;
  return Object.freeze({
    code: 'GRAPH_PLAN_INVALID',
    message: `${where}${message}`,
    fix,
    details: Object.freeze({ ...details, at }),
  });
}

function planError(problems: readonly Problem[]): DefinitionError {
  return new DefinitionError('the stored plan', problems);
}
