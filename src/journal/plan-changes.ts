import { StageflowError } from '../errors/index.js';
import type { StageGraph } from '../graph/index.js';
import type { StageSpec } from '../stage/index.js';
import { changesTheWorld } from './run-history.js';
import type { StoredRun } from './stored-run.js';

/** How a run of an earlier plan goes on under another. Declared by whoever changed the pipeline. */
export interface PlanMigration {
  readonly pipeline: string;
  /** The hash of the earlier plan: `graph.hash`. */
  readonly from: string;
  /** The hash of the plan it leads to. */
  readonly to: string;
  /** Stages that have another name now, by the one they had. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Stages, by the names they have now, that are computed again although they ended; and so is what comes after them. */
  readonly again?: readonly string[];
}

export interface PlanChanges {
  readonly rename: ReadonlyMap<string, string>;
  readonly again: ReadonlySet<string>;
}

const NONE: PlanChanges = { rename: new Map(), again: new Set() };

/** What of a stored run still stands under this graph. @throws RESUME_PLAN_CHANGED */
export function planChanges(run: StoredRun, graph: StageGraph, migrations: readonly PlanMigration[]): PlanChanges {
  if (run.planHash === graph.hash) return NONE;
  const isMeant = ({ pipeline, from, to }: PlanMigration) =>
    pipeline === graph.name && from === run.planHash && to === graph.hash;
  const migration = migrations.find(isMeant);
  if (migration === undefined) throw planChanged(run, graph);
  const rename = new Map(Object.entries(migration.rename ?? {}));
  const settled = new Set(run.stages.map(({ stage }) => rename.get(stage) ?? stage));
  return { rename, again: computedAgain(graph, settled, new Set(migration.again ?? [])) };
}

/**
 * What is named, and whatever comes after something that is computed now. What has changed the world is not done twice unless
 * it is named.
 */
function computedAgain(graph: StageGraph, settled: ReadonlySet<string>, named: ReadonlySet<string>): Set<string> {
  const again = new Set(named);
  const computed = new Set(named);
  for (const index of graph.topology.order) {
    const spec = graph.stages[index] as StageSpec;
    const isAfter = spec.dependsOn.some(({ stage }) => computed.has(stage));
    if (settled.has(spec.name) && isAfter && !changesTheWorld(spec)) again.add(spec.name);
    if (again.has(spec.name) || !settled.has(spec.name)) computed.add(spec.name);
  }
  return again;
}

function planChanged(run: StoredRun, graph: StageGraph): StageflowError {
  const then = new Map(run.plan.stages.map((spec) => [spec.name, JSON.stringify(spec)]));
  const now = new Map(graph.stages.map((spec) => [spec.name, JSON.stringify(spec)]));
  const gone = [...then.keys()].filter((name) => !now.has(name));
  const added = [...now.keys()].filter((name) => !then.has(name));
  const changed = [...then.keys()].filter((name) => now.has(name) && now.get(name) !== then.get(name));
  const said = [...named('without', gone), ...named('with', added), ...named('with another', changed)];
  const how = said.length === 0 ? 'with other settings' : said.join(', ');
  return new StageflowError({
    code: 'RESUME_PLAN_CHANGED',
    message: `Run "${run.runId}" was begun with another plan of pipeline "${graph.name}": it is now ${how}.`,
    fix: `Resume it with the release that began it, or declare a migration from ${run.planHash.slice(0, 12)}… to ${graph.hash.slice(0, 12)}….`,
    details: { runId: run.runId, pipeline: graph.name, from: run.planHash, to: graph.hash, gone, added, changed },
  });
}

function named(how: string, stages: readonly string[]): string[] {
  return stages.length === 0 ? [] : [`${how} ${stages.map((stage) => `"${stage}"`).join(', ')}`];
}
