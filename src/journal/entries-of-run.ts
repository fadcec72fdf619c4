/* What the journal says of a run and its stages. */
import type { AuthContext, OrgContext } from '../auth/index.js';
import type { ContextSnapshot } from '../context/index.js';
import type { StageGraph } from '../graph/index.js';
import type { Json } from '../payload/index.js';
import type { Decision, RecordedRun, StageExecution } from '../run/index.js';
import { messageOf, type StageFailure } from '../stage/index.js';
import {
  JOURNAL_VERSION,
  type RunEnded,
  type RunStarted,
  type StageSettled,
  type StoredCaller,
} from './journal-entry.js';
import { type SecretFinder, stored } from './stored-data.js';

export function startedEntry(
  run: RecordedRun,
  snapshot: ContextSnapshot,
  at: number,
  secrets: SecretFinder | null,
): RunStarted {
  const { maxConcurrency, toolMode } = run.options;
  const json = snapshot.toJSON();
  const isClean = secrets === null || secrets.value(json) === json;
  return {
    type: 'run.started',
    version: JOURNAL_VERSION,
    at,
    plan: planOf(run.compiled.bound.graph),
    snapshot: isClean ? json : null,
    caller: callerOf(run.auth, run.org, secrets),
    // Infinity is no JSON, and the default of what has no limit.
    options: { maxConcurrency: Number.isFinite(maxConcurrency) ? maxConcurrency : undefined, toolMode },
  };
}

const plans = new WeakMap<StageGraph, ReturnType<StageGraph['toJSON']>>();

function planOf(graph: StageGraph): ReturnType<StageGraph['toJSON']> {
  let plan = plans.get(graph);
  if (plan === undefined) {
    plan = graph.toJSON();
    plans.set(graph, plan);
  }
  return plan;
}

function callerOf(auth: AuthContext, org: OrgContext, secrets: SecretFinder | null): StoredCaller {
  const claims = secrets === null ? auth.claims : secrets.value(auth.claims);
  const { orgId, tenantId, planTier, features } = org;
  return {
    auth: auth.authenticated ? { ...auth.toJSON(), claims } : null,
    org: orgId === null && tenantId === null ? null : { orgId, tenantId, planTier, features },
  };
}

/** @param apart what of its data is kept elsewhere */
export function settledEntry(
  run: RecordedRun,
  execution: StageExecution,
  at: number,
  secrets: SecretFinder | null,
  apart: NonNullable<StageSettled['apart']> = [],
): StageSettled {
  const { stage, data, attempts, ending } = execution;
  const status = execution.state as StageSettled['status'];
  const entry: { -readonly [K in keyof StageSettled]: StageSettled[K] } = {
    type: 'stage.settled',
    at,
    stage: stage.name,
    round: run.loops?.rounds ?? 1,
    status,
    attempts,
    startedAt: execution.ran ? Math.round(run.parts.clock.toEpochMs(execution.startedAt)) : null,
    durationMs: Math.round(execution.durationMs * 1_000) / 1_000,
  };
  if (data !== undefined) putData(entry, data, apart, secrets);
  if (ending !== null) {
    const { reason, skipCause, failure } = ending;
    entry.reason = textOf(reason, secrets);
    entry.skipCause = skipCause;
    entry.failure = failure === null ? null : failureOf(failure, secrets);
    if (status === 'cancel' && isOwnEnd(run, execution)) entry.endsRun = true;
  }
  addFacts(entry, run, stage.name, secrets);
  return entry;
}

type Writable = { -readonly [K in keyof StageSettled]: StageSettled[K] };

/** Secrets are looked for in all of it: what is apart is kept by the store of artifacts, and read back into the rest. */
function putData(
  entry: Writable,
  data: object,
  apart: NonNullable<StageSettled['apart']>,
  secrets: SecretFinder | null,
): void {
  if (apart.length === 0) {
    put(entry, stored(data, secrets));
    return;
  }
  entry.apart = apart;
  const fields = new Set(apart.map(([field]) => field));
  const rest = fields.has(null) ? {} : Object.fromEntries(Object.entries(data).filter(([name]) => !fields.has(name)));
  put(entry, secrets !== null && secrets.value(data) !== data ? { omitted: 'secret' } : stored(rest, null));
}

function put(entry: Writable, result: ReturnType<typeof stored>): void {
  if ('json' in result) entry.data = result.json;
  else entry.omitted = result.omitted;
}

/** Nobody told it to stop: it said so itself. */
function isOwnEnd(run: RecordedRun, { scope, stage }: StageExecution): boolean {
  const isTold = run.life.decided || (scope ?? run.scope).cancelled || run.stageCancels?.has(stage.index) === true;
  return !isTold && !(run.loops?.covers(stage.index) ?? false);
}

/** What it left behind besides its output. */
function addFacts(entry: Writable, { resources }: RecordedRun, stage: string, secrets: SecretFinder | null): void {
  const facts = resources.factsOf(stage);
  if (facts.length > 0) {
    const bag: [string, Json][] = [];
    for (const [key, value] of facts) {
      const result = stored(value, secrets);
      if ('json' in result) bag.push([key, result.json]);
      else entry.omitted = result.omitted;
    }
    entry.bag = bag;
  }
  const artifacts = resources.artifacts.filter((ref) => ref.stage === stage);
  if (artifacts.length > 0) entry.artifacts = artifacts;
}

function failureOf({ error, code, retryable, hint }: StageFailure, secrets: SecretFinder | null) {
  const name = error instanceof Error ? error.name : 'Error';
  return { name, message: textOf(messageOf(error), secrets), code, retryable, hint };
}

function textOf(text: string, secrets: SecretFinder | null): string {
  return secrets === null ? text : String(secrets.value(text));
}

export function endOf(run: RecordedRun, decision: Decision | null, at: number): RunEnded {
  if (decision === null) return { type: 'run.ended', at, status: 'completed', stage: null, code: null, reason: null };
  const masker = run.maskerFor(null);
  const shown = (text: string) => (masker === null ? text : masker.text(text));
  const { status, stage } = decision;
  if (decision.status === 'cancelled') {
    return { type: 'run.ended', at, status, stage, code: null, reason: shown(messageOf(decision.reason)) };
  }
  const failure = decision.stage === null ? decision : decision.failure;
  const code = decision.stage === null ? decision.error.code : decision.failure.code;
  return { type: 'run.ended', at, status, stage, code, reason: shown(messageOf(failure.error)) };
}
