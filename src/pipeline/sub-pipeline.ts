/* A pipeline in the place of a stage. */
import { StageflowError } from '../errors/index.js';
import type { SubPipelineMetadata } from '../metadata/index.js';
import { type BoundPipeline, type RunResults, StageState } from '../run/index.js';
import {
  type Compensating,
  isCompensating,
  type SpawnableModule,
  type SpawnablePipeline,
  type SpawnInput,
  type SpawnOptions,
  type StageContext,
  type StageInstance,
  StageOutput,
} from '../stage/index.js';
import type { ToolServices } from '../tools/index.js';

/** What of its run a stage decides that is a pipeline, beside its input. */
export type SubPipelineSettings = Pick<SpawnOptions, 'inherit' | 'maxConcurrency'>;

/** What runs behind a stage of the builder that is a pipeline. */
export interface PipelineTarget {
  readonly pipeline: SpawnablePipeline;
  readonly input: ((ctx: StageContext<any>) => SpawnInput) | null;
  readonly output: ((results: RunResults) => unknown) | null;
  readonly settings: SubPipelineSettings;
}

/** Where a pipeline is bound that is a stage of another. */
export interface BindingPlace {
  /** Something tells who calls, so that access rules may be there. */
  readonly callersKnown: boolean;
  readonly services: ToolServices;
}

/** What a pipeline is run by that has not been built: it is bound where it is used, with what is known there. */
export class UnboundPipeline {
  readonly #alone: () => BoundPipeline;
  /** @throws DefinitionError */
  readonly bindIn: (place: BindingPlace) => BoundPipeline;

  constructor(alone: () => BoundPipeline, bindIn: (place: BindingPlace) => BoundPipeline) {
    this.#alone = alone;
    this.bindIn = bindIn;
  }

  get bound(): BoundPipeline {
    return this.#alone();
  }
}

/** What `withStage` was given, if that is a pipeline, with what its options then mean; null for anything else. */
export function pipelineTarget(target: unknown, options: object): PipelineTarget | null {
  if (typeof target !== 'object' || target === null || !('~pipeline' in target)) return null;
  const {
    input = null,
    output = null,
    inherit,
    maxConcurrency,
  } = options as Partial<PipelineTarget> & SubPipelineSettings;
  const settings = {
    ...(inherit === undefined ? {} : { inherit }),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
  };
  return { pipeline: target as SpawnablePipeline, input, output, settings };
}

/** A stage that runs a pipeline and hands on what that gives, or what `output` makes of it. */
export function pipelineStage(
  { pipeline, input, output, settings }: PipelineTarget,
  place: BindingPlace,
): StageInstance {
  const target = boundIn(pipeline, place);
  const finish = (_: StageContext, results: RunResults): unknown =>
    output === null ? results.outputs : output(results);
  return { execute: (ctx: StageContext) => runPipeline(ctx, target, input, settings, finish) };
}

/** The pipeline, bound where it is used if it has not been built. @throws DefinitionError */
export function boundIn(pipeline: SpawnablePipeline, place: BindingPlace): SpawnablePipeline {
  const holder = pipeline['~pipeline'];
  return holder instanceof UnboundPipeline ? { '~pipeline': { bound: holder.bindIn(place) } } : pipeline;
}

/** The same of a class with `@SubPipeline`: makes what is called of an instance, which makes the output of the results. */
export function subPipelineBody({ module, input, options }: SubPipelineMetadata) {
  return (instance: StageInstance): StageInstance => {
    const finish = (ctx: StageContext, results: RunResults): unknown => instance.execute(ctx, results);
    const execute = (ctx: StageContext): unknown => runPipeline(ctx, module, input, options, finish);
    return alsoCompensating(instance, execute);
  };
}

/** What is called in the place of an instance, which undoes what was done if it can. */
export function alsoCompensating(instance: StageInstance, execute: StageInstance['execute']): StageInstance {
  if (!isCompensating(instance)) return { execute };
  const compensate: Compensating['compensate'] = (output, ctx) => instance.compensate(output, ctx);
  return { execute, compensate } as StageInstance;
}

/** Runs a pipeline, and makes something of its results; skips where none of its stages completed. */
export async function runPipeline(
  ctx: StageContext,
  target: SpawnablePipeline | SpawnableModule,
  input: PipelineTarget['input'],
  settings: SubPipelineSettings,
  finish: (ctx: StageContext, results: RunResults) => unknown,
): Promise<unknown> {
  const given = input === null ? {} : input(ctx);
  if (given instanceof Promise) throw inputNotAtOnce(ctx.stage.name);
  const results: RunResults = await ctx.spawn(target as SpawnablePipeline, given, settings);
  return hasOutput(results) ? finish(ctx, results) : StageOutput.skip(`no stage of "${results.pipeline}" completed`);
}

function hasOutput({ stages }: RunResults): boolean {
  return stages.some(({ status }) => status === StageState.Ok);
}

function inputNotAtOnce(stage: string): StageflowError {
  return new StageflowError({
    code: 'RUN_INPUT_INVALID',
    message: `The input of the pipeline behind stage "${stage}" is a promise.`,
    fix: 'Give it at once; what has to be waited for belongs into a stage before.',
    details: { stage, field: 'input' },
  });
}
