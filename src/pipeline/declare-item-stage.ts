/* Stages of the builder that work item by item, or in a loop. */
import { type ItemLayers, itemLayers } from '../interceptors/index.js';
import { type ItemPlan, itemPlan, itemProblems, loopPlan, loopProblems } from '../metadata/index.js';
import type {
  ItemOptions,
  ItemRun,
  LoopBound,
  LoopOptions,
  LoopRun,
  StageContext,
  StageInstance,
} from '../stage/index.js';
import type { UntypedStageOptions } from './builder-types.js';
import { type BuilderStage, declareBuilderStage } from './declare-builder-stage.js';
import { withSource } from './declare-stage-class.js';
import type { ItemStageSettings } from './item-stage-types.js';
import type { PipelineOptions } from './pipeline-options.js';

type Around = Pick<PipelineOptions, 'interceptors' | 'access'>;
type Work = (...given: readonly any[]) => unknown;

type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** What `forEach` takes, without types. */
type UntypedItems = Omit<UntypedStageOptions, 'output' | 'input' | 'timeoutMs' | 'interceptors'> &
  Omit<ItemOptions<any, any>, 'policy'> &
  Pick<ItemLayers, 'retry'> &
  Loose<ItemRun<any> & { policy: ItemPlan['policy']; each: Work; output: Work; stage: ItemStageSettings }>;

/** What `repeat` takes, without types. */
type UntypedLoop = Omit<UntypedStageOptions, 'output' | 'input' | 'timeoutMs'> &
  LoopBound &
  LoopOptions<any> &
  Loose<LoopRun & { iterate: Work; output: Work }>;

export function declareItemStage(
  name: string,
  source: string,
  items: ItemPlan['items'],
  options: UntypedItems,
  around: Around,
): BuilderStage {
  const {
    key,
    concurrency,
    policy,
    each,
    output,
    run,
    input,
    interceptors,
    timeoutMs,
    retry,
    stage = {},
    ...rest
  } = options;
  const execute = (ctx: StageContext, joined: object): unknown =>
    output === undefined ? { items: joined } : output(joined, ctx);
  const declared = declareBuilderStage(name, workOf({ each, execute }), { ...rest, ...stage }, around);
  const problems = itemProblems(options);
  const plan = itemPlan(items, options, problems.length > 0 ? [] : itemLayers(options));
  return {
    ...declared,
    dependencies: withSource(declared.dependencies, source),
    driver: { kind: 'items', by: { ...plan, source }, problems },
  };
}

export function declareLoopStage(name: string, options: UntypedLoop, around: Around): BuilderStage {
  const { until, maxIterations, timeoutMs, stagnation, iterate, output, run, input, ...rest } = options;
  const execute = (ctx: StageContext, loop: object): unknown => (output === undefined ? loop : output(loop, ctx));
  const declared = declareBuilderStage(name, workOf({ iterate, execute }), rest, around);
  return { ...declared, driver: { kind: 'loop', by: loopPlan(options), problems: loopProblems(options) } };
}

/** Without what is not given: that is how it is known that there is none. */
function workOf(methods: Readonly<Record<string, unknown>>): StageInstance {
  const given = Object.entries(methods).filter(([, method]) => method !== undefined);
  return Object.fromEntries(given) as unknown as StageInstance;
}
