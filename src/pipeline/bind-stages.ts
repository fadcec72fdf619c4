import { Access, type AccessPolicyClass, type AccessRule, accessRuleProblems } from '../auth/index.js';
import { DefinitionError, type Problem } from '../errors/index.js';
import { interceptorName, orderInterceptors } from '../interceptors/index.js';
import { type BoundPipeline, type BoundStage, callersUnknown } from '../run/index.js';
import type { AnyInterceptor, Compensating, InterceptorClass, InterceptorLike, StageInstance } from '../stage/index.js';
import { type BuilderTools, bindTools } from './bind-tools.js';
import type { BuilderStage } from './declare-builder-stage.js';
import { missingTools } from './missing-tools.js';
import { type GraphPlanOptions, planGraph } from './plan-graph.js';
import { unknownSkips, withoutSkipped } from './skip-interceptors.js';
import { bodyOf, boundDriver, driverProblems, type StageDriver } from './stage-driver.js';
import { type BindingPlace, type PipelineTarget, pipelineStage } from './sub-pipeline.js';

export interface BindOptions extends GraphPlanOptions {
  /** Something tells who calls, so that access rules may be there. */
  readonly callersKnown: boolean;
  readonly tools: BuilderTools;
}

/** Makes a runnable of builder stages, or throws a DefinitionError with everything that is wrong with them. */
export function bindStages(name: string, stages: readonly BuilderStage[], options: BindOptions): BoundPipeline {
  const { graph, contracts, problems } = planGraph(name, stages, options);
  const binder = new Binder(name);
  const place = { callersKnown: options.callersKnown, services: options.tools.services };
  const instances = stages.map((stage) => binder.instance(stage, place));
  const drivers = stages.map((stage) => binder.driver(stage, place));
  const own = stages.map((stage) => binder.layers(stage));
  const access = stages.map(({ name: stage, access: rules }) =>
    binder.access(`"${stage}" of pipeline "${name}"`, rules),
  );
  const unknown = options.callersKnown
    ? null
    : callersUnknown(
        `Pipeline "${name}"`,
        stages.map((stage) => [stage.name, stage.access]),
      );
  if (unknown !== null) binder.problems.push(unknown);
  const tools = bindTools(name, options.tools, binder, binder.problems);
  binder.problems.push(...missingTools(name, stages, options.tools.tools));
  const all = [...problems, ...binder.problems];
  if (graph === null || all.length > 0) throw new DefinitionError(`pipeline "${name}"`, all);
  return {
    graph,
    openRun: null,
    ...(tools === null ? {} : { tools }),
    stages: stages.map<BoundStage>((stage, index) => ({
      instance: undoing(instances[index] as StageInstance, stage),
      body: bodyOf(drivers[index] ?? null),
      stageClass: stage.stageClass,
      namespace: stage.namespace,
      condition: stage.condition?.predicate ?? null,
      interceptors: orderInterceptors(own[index] ?? [], graph.stages[index]!),
      contracts: contracts[index] ?? null,
      access: access[index] ?? [],
    })),
  };
}

/** The instance, with what was given to undo its work. */
function undoing(instance: StageInstance, { compensate }: BuilderStage): StageInstance {
  if (compensate === null) return instance;
  const both: StageInstance & Compensating = { execute: (...given) => instance.execute(...given), compensate };
  return both;
}

/** Makes instances where classes are given: one per stage, one per interceptor class. No container: no arguments. */
class Binder {
  readonly problems: Problem[] = [];
  readonly #pipeline: string;
  readonly #made = new Map<InterceptorClass, AnyInterceptor>();
  readonly #policies = new Map<AccessPolicyClass, AccessRule>();

  constructor(pipeline: string) {
    this.#pipeline = pipeline;
  }

  instance({ name, target, pipeline }: BuilderStage, place: BindingPlace): StageInstance | null {
    if (pipeline !== null) return this.#child(pipeline, place);
    if (target === null) {
      this.#refuse(
        name,
        'has nothing to run: it is neither a function, nor an object or class with execute(ctx)',
        'Give one of these.',
      );
      return null;
    }
    if (typeof target !== 'function') return target;
    if (this.#needsContainer(name, target)) return null;
    const instance = new target();
    if (typeof instance.execute === 'function') return instance;
    this.#refuse(name, `is class ${target.name}, which has no execute(ctx)`, 'Give it one.');
    return null;
  }

  #child(pipeline: PipelineTarget, place: BindingPlace): StageInstance | null {
    return this.#reporting(() => pipelineStage(pipeline, place));
  }

  /** What drives a stage, with the pipeline bound that it runs. */
  driver({ name, driver }: BuilderStage, place: BindingPlace): StageDriver | null {
    if (driver === null) return null;
    this.problems.push(...driverProblems(driver, name, this.#pipeline));
    return this.#reporting(() => boundDriver(driver, place));
  }

  /** What is wrong inside is reported with the rest. */
  #reporting<T>(bind: () => T): T | null {
    try {
      return bind();
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      this.problems.push(...error.problems);
      return null;
    }
  }

  /** What is around it, but for what it skips; what cannot be skipped is reported. */
  layers({ name, interceptors, skips }: BuilderStage): readonly AnyInterceptor[] {
    const layers = interceptors.map((interceptor) => this.interceptor(interceptor));
    const place = { pipeline: this.#pipeline, stage: name };
    this.problems.push(...unknownSkips(skips, interceptors, place));
    try {
      return withoutSkipped(layers, skips, place);
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      this.problems.push(...error.problems);
      return layers;
    }
  }

  interceptor(interceptor: InterceptorLike): AnyInterceptor {
    if (typeof interceptor !== 'function') return interceptor;
    const known = this.#made.get(interceptor);
    if (known !== undefined) return known;
    const made: AnyInterceptor = this.#needsContainer(interceptor.name, interceptor)
      ? { name: interceptorName(interceptor.prototype), intercept: (_, next) => next() }
      : new interceptor();
    this.#made.set(interceptor, made);
    return made;
  }

  /** Its rules, with instances for policy classes; what is wrong with a rule is reported. */
  access(subject: string, rules: readonly AccessRule[]): readonly AccessRule[] {
    const problems = accessRuleProblems(rules, subject);
    this.problems.push(...problems);
    return problems.length > 0 ? [] : rules.map((rule) => this.#withInstance(rule));
  }

  #withInstance(rule: AccessRule): AccessRule {
    if (rule.rule !== 'policy' || typeof rule.policy !== 'function') return rule;
    let made = this.#policies.get(rule.policy);
    if (made === undefined) {
      made = Access.policy(
        this.#needsContainer(rule.policy.name, rule.policy) ? { decide: () => false } : new rule.policy(),
      );
      this.#policies.set(rule.policy, made);
    }
    return made;
  }

  #needsContainer(name: string, target: new (...args: any[]) => object): boolean {
    if (target.length === 0) return false;
    this.#refuse(
      name,
      `is class ${target.name}, whose constructor takes ${target.length} argument(s) that the builder does not have`,
      'Give an instance, or list the class in a @PipelineModule, which injects them.',
    );
    return true;
  }

  #refuse(stage: string, what: string, fix: string): void {
    const message = `"${stage}" of pipeline "${this.#pipeline}" ${what}.`;
    this.problems.push({ code: 'GRAPH_STAGE_INVALID', message, fix, details: { pipeline: this.#pipeline, stage } });
  }
}
