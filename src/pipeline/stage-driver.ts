/* What drives a stage whose class only makes something of what comes of it: another pipeline, its items, a loop. */
import type { Problem } from '../errors/index.js';
import {
  type ClassMetadata,
  type ItemPlan,
  type LoopPlan,
  type OptionProblem,
  type SubPipelineMetadata,
} from '../metadata/index.js';
import type { SpawnableModule, SpawnablePipeline, StageClass, StageInstance } from '../stage/index.js';
import { forEachBody } from './for-each.js';
import { repeatBody } from './repeat.js';
import { type BindingPlace, boundIn, subPipelineBody } from './sub-pipeline.js';

export type StageDriver =
  | { readonly kind: 'pipeline'; readonly by: SubPipelineMetadata }
  | DriverOf<'items', ItemPlan & { readonly source: StageClass | string }>
  | DriverOf<'loop', LoopPlan>;

interface DriverOf<K extends string, P> {
  readonly kind: K;
  readonly by: P;
  /** What is wrong with its options; reported when the pipeline is built. */
  readonly problems: readonly OptionProblem[];
}

/** What the decorators of a class say; null for most. They have checked it. */
export function driverOf({ subPipeline: child, forEach: items, repeat: loop }: ClassMetadata): StageDriver | null {
  if (child !== undefined) return { kind: 'pipeline', by: child };
  if (items !== undefined) return { kind: 'items', by: { ...items.plan, source: items.source }, problems: [] };
  return loop === undefined ? null : { kind: 'loop', by: loop, problems: [] };
}

/** Makes what is called of an instance; null to call that itself. */
export function bodyOf(driver: StageDriver | null): ((instance: StageInstance) => StageInstance) | null {
  switch (driver?.kind) {
    case 'pipeline':
      return subPipelineBody(driver.by);
    case 'items':
      return forEachBody(driver.by);
    case 'loop':
      return repeatBody(driver.by);
    default:
      return null;
  }
}

/** What it starts runs of; null if it starts none. */
export function startedBy(driver: StageDriver | null): SpawnableModule | SpawnablePipeline | null {
  if (driver === null) return null;
  return driver.kind === 'pipeline' ? driver.by.module : (driver.by.run?.run ?? null);
}

/** With the pipeline bound that it starts runs of, if it is one of the builder. @throws DefinitionError */
export function boundDriver(driver: StageDriver, place: BindingPlace): StageDriver {
  if (driver.kind === 'pipeline') return driver;
  const { run } = driver.by;
  if (run === null || !('~pipeline' in run.run)) return driver;
  const by = { ...driver.by, run: { ...run, run: boundIn(run.run, place) } };
  return { ...driver, by } as StageDriver; // of one kind as before
}

/** What is wrong with its options. */
export function driverProblems(driver: StageDriver, stage: string, pipeline: string): Problem[] {
  if (driver.kind === 'pipeline') return [];
  return driver.problems.map(({ option, value, fix }) => ({
    code: 'GRAPH_OPTION_INVALID',
    message: `${option} of stage "${stage}" of pipeline "${pipeline}" cannot be ${shown(value)}.`,
    fix,
    details: { pipeline, stage, option },
  }));
}

/** Functions and objects by their type only: an option may hold anything. */
function shown(value: unknown): string {
  return typeof value === 'number' || value === undefined || value === null ? String(value) : `a ${typeof value}`;
}
