import type { DynamicModule as NestDynamicModule } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { type ModuleNode, type OutsidePlan, planOutside } from '../container/index.js';
import type { ModuleLike } from '../metadata/index.js';
import { ModuleInstances } from './module-instances.js';
import { NestPipeline } from './nest-pipeline.js';
import { NestRuntime } from './nest-runtime.js';
import { getPipelineToken } from './pipeline-token.js';
import { asNestToken, providerOf } from './provider-of-record.js';
import type { StageflowFeature } from './stageflow-options.js';
import { MODULE_KEY } from './wrappers.js';

type Feature = Extract<StageflowFeature, { readonly pipeline: unknown }>;

/** Nest modules are the same if they are the same object: a module that two features import is built once. */
const ofModules = new WeakMap<ModuleLike, NestDynamicModule>();
const ofFeatures = new WeakMap<object, NestDynamicModule>();

/**
 * The Nest module with the handle of a pipeline. It is above the modules of the stages, so that Nest destroys it, which
 * ends the runs, before what they use.
 * @throws DefinitionError with everything that is wrong with the pipeline
 */
export function hostOf(feature: StageflowFeature): NestDynamicModule {
  let host = ofFeatures.get(feature);
  if (host === undefined) {
    host = createHost(feature);
    ofFeatures.set(feature, host);
  }
  return host;
}

class PipelineHost {}

function createHost(entry: StageflowFeature): NestDynamicModule {
  const feature: Feature = 'pipeline' in entry ? entry : { pipeline: entry };
  const plan = planOutside(feature.pipeline);
  const isPlain = feature.imports === undefined && feature.providers === undefined;
  const key = isPlain ? feature.pipeline : (entry as unknown as ModuleLike); // a module apart from the pipeline's own
  const stages = modulesOf(plan, key, feature);
  const token = getPipelineToken(feature.pipeline);
  const handle = {
    provide: token,
    useFactory: (runtime: NestRuntime, container: ModulesContainer) => new NestPipeline(plan, key, runtime, container),
    inject: [NestRuntime, ModulesContainer],
  };
  return { module: PipelineHost, imports: [stages], providers: [handle], exports: [token, stages] };
}

/** Makes the Nest modules that are not there yet. @returns the one with the stages of the pipeline */
function modulesOf(plan: OutsidePlan, rootKey: ModuleLike, extra: Feature): NestDynamicModule {
  const root = plan.modules.at(-1);
  for (const node of plan.modules) {
    const key = node === root ? rootKey : node.key;
    if (!ofModules.has(key)) ofModules.set(key, createModule(node, key, plan, node === root ? extra : null));
  }
  return ofModules.get(rootKey) as NestDynamicModule;
}

function createModule(
  node: ModuleNode,
  key: ModuleLike,
  { providers }: OutsidePlan,
  extra: Feature | null,
): NestDynamicModule {
  const imports = node.imports.map((imported) => ofModules.get(imported.key) as NestDynamicModule);
  return {
    module: node.moduleClass,
    imports: [...imports, ...(extra?.imports ?? [])],
    providers: [
      { provide: MODULE_KEY, useValue: key },
      ModuleInstances.provider,
      ...(providers.get(node) ?? []).map(providerOf),
      ...(extra?.providers ?? []),
    ],
    exports: exportsOf(node),
  };
}

/** Nest hands on what a module provides, or all that a module it imports exports. */
function exportsOf(node: ModuleNode): NonNullable<NestDynamicModule['exports']> {
  const exported = [...node.exported].map(([token, record]) => {
    if (record.home === node) return asNestToken(token);
    const through = node.imports.find((imported) => imported.exported.get(token) === record);
    return ofModules.get(through?.key ?? node.key) as NestDynamicModule;
  });
  return [...new Set(exported)];
}
