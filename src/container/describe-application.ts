import { describeInterceptor } from '../interceptors/index.js';
import { type ModuleLike, Scope, type Token, tokenName } from '../metadata/index.js';
import type { AppDescription, ModuleDescription, PipelineDescription, ProviderDescription } from './app-description.js';
import type { Application } from './application.js';
import { describeRule } from './describe-access.js';
import { describeDriver } from './describe-driver.js';
import { formatDescription } from './format-description.js';
import { isDynamic } from './module-graph.js';
import type { PlannedPipeline, PlannedStage } from './pipeline-plan.js';
import type { ModuleNode, ProviderRecord } from './wiring-records.js';

export function describeApplication(application: Application): AppDescription {
  const { plan } = application;
  const description = {
    application: plan.root.name,
    modules: plan.modules.toReversed().map((module) => describeModule(module, application)),
    pipelines: plan.pipelines.toReversed().map((pipeline) => describePipeline(pipeline, application)),
    fromParent: [...new Set(plan.nodes.filter(({ record }) => record.role === 'parent').map((node) => node.name))],
  };
  return Object.defineProperty(description, 'toString', {
    value: () => formatDescription(description),
    enumerable: false,
  });
}

function describeModule(module: ModuleNode, application: Application): ModuleDescription {
  const { definition, own, imports, name } = module;
  return {
    module: name,
    imports: imports.map((imported) => imported.name),
    exports: definition.exports.map(nameOf),
    providers: [...own.values()].map((record) => describeProvider(record, application)),
    tools: definition.tools.map((tool) => tool.name),
  };
}

function nameOf(entry: Token | ModuleLike): string {
  return isDynamic(entry) ? entry.module.name : tokenName(entry);
}

function describeProvider(record: ProviderRecord, { plan }: Application): ProviderDescription {
  return {
    token: tokenName(record.token),
    role: record.role as ProviderDescription['role'],
    form: record.source.kind as ProviderDescription['form'],
    scope: record.scope === Scope.Tenant ? Scope.Tenant : (plan.nodeOf.get(record)?.scope ?? Scope.Singleton),
  };
}

function describePipeline({ module, name, stages }: PlannedPipeline, application: Application): PipelineDescription {
  const bound = application.pipelines.get(module);
  if (bound === undefined) throw new TypeError(`${name} is planned, but not bound.`);
  const { graph } = bound;
  return {
    pipeline: name,
    module: module.name,
    maxConcurrency: graph.maxConcurrency,
    failurePolicy: graph.failurePolicy,
    stages: graph.stages.map((spec, index) => {
      const { home, node, access, declaration } = stages[index] as PlannedStage;
      return {
        stage: spec.name,
        kind: spec.kind,
        module: home.name,
        dependsOn: spec.dependsOn,
        condition: spec.condition,
        timeoutMs: spec.timeoutMs,
        priority: spec.priority,
        scope: node.scope,
        driver: describeDriver(declaration.driver),
        access: access.map(({ rule }) => describeRule(rule)),
        interceptors: (bound.stages[index]?.interceptors ?? []).map(describeInterceptor),
      };
    }),
  };
}
