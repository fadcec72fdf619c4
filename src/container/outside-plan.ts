import { DefinitionError } from '../errors/index.js';
import type { Class, ModuleLike } from '../metadata/index.js';
import { requestsOf } from './dependency-request.js';
import { readExports } from './exports.js';
import { readModules } from './module-graph.js';
import { Overrides } from './overrides.js';
import { PipelinePlanner, type PlannedPipeline } from './pipeline-plan.js';
import { type Lookups, Planner } from './planner.js';
import { ProblemList } from './problem-list.js';
import { fromClass } from './provider-forms.js';
import { readProviders } from './provider-reader.js';
import { visibleIn } from './visibility.js';
import type { DependencyRequest, ModuleNode, ProviderRecord } from './wiring-records.js';

/** A pipeline whose instances another container builds, Nest's for example. */
export interface OutsidePlan {
  /** Imported ones before their importers; the module of the pipeline is the last. */
  readonly modules: readonly ModuleNode[];
  readonly pipeline: PlannedPipeline;
  /**
   * What each module provides: also interceptor and policy classes that nobody lists, which a module that uses one
   * provides for itself.
   */
  readonly providers: ReadonlyMap<ModuleNode, readonly OutsideProvider[]>;
}

/** A provider with what it asks for. */
export interface OutsideProvider {
  readonly record: ProviderRecord;
  readonly requests: readonly (DependencyRequest | null)[];
}

/**
 * Plans a pipeline as far as its own classes tell: its graph, contracts, access rules and interceptors. What its classes
 * need in their constructors is left to whoever builds them.
 * @throws DefinitionError with everything that is wrong
 */
export function planOutside(rootModule: ModuleLike): OutsidePlan {
  const problems = new ProblemList();
  const overrides = new Overrides([], problems);
  const modules = readModules(rootModule, problems);
  const providers = new Map<ModuleNode, OutsideProvider[]>();
  for (const module of modules) {
    readProviders(module, overrides, problems);
    readExports(module, problems);
    providers.set(module, withRequests(module.own.values(), problems));
  }
  const root = modules.at(-1);
  if (root === undefined) throw new DefinitionError('the application', problems.problems);
  const found = new FoundInterceptors();
  const planner = new Planner(found, problems);
  const pipelines = new PipelinePlanner(planner, root, [], overrides, problems).plan(modules);
  for (const [module, records] of found.implicit) providers.get(module)?.push(...withRequests(records, problems));
  const pipeline = pipelines.find(({ module }) => module === root);
  if (pipeline === undefined) {
    const fix = `Give ${root.name} stages, or import a module that has some in one that has.`;
    problems.add('GRAPH_EMPTY', `${root.name} has no stages, so it is not a pipeline.`, fix, { pipeline: root.name });
  }
  if (problems.problems.length > 0 || pipeline === undefined) {
    throw new DefinitionError(`pipeline ${root.name}`, problems.problems);
  }
  return { modules, pipeline, providers };
}

function withRequests(records: Iterable<ProviderRecord>, problems: ProblemList): OutsideProvider[] {
  return Array.from(records, (record) => ({ record, requests: requestsOf(record, problems) }));
}

/** Where interceptors come from if no other container is asked. What classes need is never looked up here. */
class FoundInterceptors implements Lookups {
  readonly implicit = new Map<ModuleNode, ProviderRecord[]>();

  find(): { readonly kind: 'missing' } {
    return { kind: 'missing' };
  }

  allRegistered(): undefined {
    return undefined;
  }

  findInterceptor(home: ModuleNode, target: Class): ProviderRecord {
    const known = this.implicit.get(home) ?? [];
    this.implicit.set(home, known);
    const listed = visibleIn(home, target) ?? known.find(({ token }) => token === target);
    if (listed !== undefined) return listed;
    const record: ProviderRecord = { ...fromClass(target), home, role: 'implicit' };
    known.push(record);
    return record;
  }
}
