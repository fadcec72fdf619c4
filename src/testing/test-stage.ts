import { Access, type AccessRule, AuthContext, OrgContext } from '../auth/index.js';
import type { Clock } from '../clock/index.js';
import { DefinitionError, StageflowError } from '../errors/index.js';
import { MemorySink } from '../events/index.js';
import { orderInterceptors } from '../interceptors/index.js';
import type { Token } from '../metadata/index.js';
import { bodyOf, declareStageClass, planGraph, type StageDeclaration } from '../pipeline/index.js';
import {
  type BoundPipeline,
  Engine,
  type EngineOptions,
  type RunInput,
  type RunOptions,
  type RunOutcome,
  type StageResult,
} from '../run/index.js';
import {
  type AnyInterceptor,
  type InterceptorLike,
  type OutputOf,
  RunContext,
  type StageClass,
  type StageInstance,
  StageKind,
  StageOutput,
  type ToolClass,
} from '../stage/index.js';
import type { FunctionTool } from '../tools/index.js';
import { build } from './build-alone.js';
import type { ToolStandIn } from './overrides.js';
import { stageTools } from './stage-tools.js';

/** How a single stage ended, with everything around it. */
export interface StageTestResult extends StageResult {
  readonly outcome: RunOutcome;
  readonly events: MemorySink['events'];
}

interface StageTestSetup {
  readonly given: ReadonlyMap<StageClass, object>;
  readonly provided: ReadonlyMap<Token, unknown>;
  readonly tools: ReadonlyMap<ToolClass | FunctionTool, ToolStandIn<ToolClass> | null>;
  readonly input: RunInput;
  readonly options: EngineOptions;
}

const NOTHING: StageTestSetup = { given: new Map(), provided: new Map(), tools: new Map(), input: {}, options: {} };

/**
 * Runs one stage alone, with the outputs of its dependencies given: same checks, interceptors, limits and conditions as
 * in production. Immutable: every method gives a new one.
 */
export class StageTest<C extends StageClass> {
  readonly #stage: C;
  readonly #setup: StageTestSetup;

  constructor(stage: C, setup: StageTestSetup = NOTHING) {
    this.#stage = stage;
    this.#setup = setup;
  }

  /** What a dependency hands on: its data, or `StageOutput.skip(…)` and the like. */
  given<D extends StageClass>(dependency: D, output: OutputOf<D> | StageOutput<never>): StageTest<C> {
    return this.#with({ given: new Map(this.#setup.given).set(dependency, output as object) });
  }

  /** What the constructor gets for a token. */
  provide<T>(token: Token<T>, value: NoInfer<T>): StageTest<C> {
    return this.#with({ provided: new Map(this.#setup.provided).set(token, value) });
  }

  /**
   * A tool that the stage may call, and what stands in for it: default, the tool itself. Its contracts, access rules, modes,
   * approvals and own interceptors hold as in production. Of a tool that `defineTool` made, give the tool alone.
   */
  withTool<T extends ToolClass>(tool: T, standIn?: ToolStandIn<T>): StageTest<C>;
  withTool(tool: FunctionTool): StageTest<C>;
  withTool(tool: ToolClass | FunctionTool, standIn?: ToolStandIn<ToolClass>): StageTest<C> {
    return this.#with({ tools: new Map(this.#setup.tools).set(tool, standIn ?? null) });
  }

  /** What timeouts and retries go by. */
  withClock(clock: Clock): StageTest<C> {
    return this.withEngine({ clock });
  }

  /** Who calls, and of which organisation. Default: anonymous, and the organisation that `auth` names. */
  withAuth(auth: AuthContext, org?: OrgContext): StageTest<C> {
    return this.#with({ input: { ...this.#setup.input, auth, ...(org === undefined ? {} : { org }) } });
  }

  /** Logger, grace and cleanup periods, tool services and whatever else an engine takes. */
  withEngine(options: EngineOptions): StageTest<C> {
    return this.#with({ options: { ...this.#setup.options, ...options } });
  }

  /** Never rejects for what the stage did. @throws RUN_INPUT_INVALID if a required dependency was given no output */
  async run(input: RunInput = {}, options: RunOptions = {}): Promise<StageTestResult> {
    const declaration = declareStageClass(this.#stage);
    const events = new MemorySink();
    const sinks = [...(this.#setup.options.sinks ?? []), events];
    const engine = new Engine({ trustedCallers: true, ...this.#setup.options, sinks });
    const run = engine.start(this.#bind(declaration), { ...this.#setup.input, ...input }, options);
    const outcome = await run.result;
    return { ...outcome.results.stage(declaration.name), outcome, events: events.events };
  }

  #bind(declaration: StageDeclaration): BoundPipeline {
    const { given, provided, tools, options } = this.#setup;
    const wanted = new Map<StageClass, boolean>();
    for (const { target, optional } of declaration.dependencies) {
      if (typeof target !== 'string') wanted.set(target, optional && wanted.get(target) !== false);
    }
    const on = declaration.condition?.on;
    if (on !== undefined && on !== null && typeof on !== 'string') wanted.set(on, false);
    for (const stage of given.keys()) if (!wanted.has(stage)) throw givenUnused(declaration.name, stage);
    const stands = [...wanted].map(([stage, optional]) => standIn(declaration.name, stage, optional, given.get(stage)));
    const names = [...stands.map(({ declared }) => declared), declaration];
    const { graph, contracts, problems } = planGraph(`test of ${declaration.name}`, names, {
      maxConcurrency: null,
      failurePolicy: null,
    });
    if (graph === null) throw new DefinitionError(`the test of ${declaration.name}`, problems);
    const instanceOf = (like: InterceptorLike): AnyInterceptor =>
      typeof like === 'function' ? build(like, provided) : like;
    const interceptors = declaration.interceptors.map(instanceOf);
    const rulesOf = (rules: readonly AccessRule[]): readonly AccessRule[] =>
      rules.map((rule) =>
        rule.rule === 'policy' && typeof rule.policy === 'function'
          ? Access.policy(build(rule.policy, provided))
          : rule,
      );
    const parts = { build: (tool: ToolClass) => build(tool, provided), instanceOf, rulesOf };
    const belt = stageTools(tools, parts, options.toolServices);
    return {
      graph,
      ...(belt === null ? {} : { tools: belt }),
      stages: [
        ...stands.map(({ declared, instance }, index) => ({
          instance,
          stageClass: declared.stageClass,
          condition: null,
          interceptors: [],
          skips: [],
          contracts: contracts[index] ?? null,
        })),
        {
          instance: null,
          body: bodyOf(declaration.driver),
          stageClass: this.#stage,
          condition: declaration.condition?.predicate ?? null,
          interceptors: orderInterceptors(interceptors, graph.stages[stands.length]!),
          contracts: contracts[stands.length] ?? null,
          access: rulesOf(declaration.access),
        },
      ],
      openRun: (run) => {
        const instance = build(this.#stage, new Map([...runTokens(run), ...provided]));
        return { stage: () => instance, close: () => {} };
      },
    };
  }

  #with(change: Partial<StageTestSetup>): StageTest<C> {
    return new StageTest(this.#stage, { ...this.#setup, ...change });
  }
}

function runTokens(run: RunContext): [Token, unknown][] {
  return [
    [RunContext, run],
    [AuthContext, run.auth],
    [OrgContext, run.org],
  ];
}

function standIn(
  reader: string,
  stage: StageClass,
  optional: boolean,
  output: object | undefined,
): { readonly declared: StageDeclaration; readonly instance: StageInstance } {
  if (output === undefined && !optional) throw notGiven(reader, stage);
  const { name, output: promised } = declareStageClass(stage);
  const value = output ?? StageOutput.skip('given no output');
  const declared: StageDeclaration = {
    name,
    namespace: '',
    kind: StageKind.Transform,
    timeoutMs: null,
    priority: 0,
    dependencies: [],
    condition: null,
    quorums: [],
    retryFrom: null,
    compensates: false,
    idempotent: false,
    interceptors: [],
    skips: [],
    driver: null,
    access: [],
    stageClass: stage,
    output: promised, // what is given is held to it, as what the stage would hand on
    input: null,
  };
  return { declared, instance: { execute: () => value } };
}

function notGiven(reader: string, dependency: StageClass): StageflowError {
  return new StageflowError({
    code: 'RUN_INPUT_INVALID',
    message: `Stage "${reader}" depends on ${dependency.name}, which this test gives no output.`,
    fix: `Add .given(${dependency.name}, { … }).`,
    details: { stage: reader, dependency: dependency.name },
  });
}

function givenUnused(reader: string, dependency: StageClass): StageflowError {
  return new StageflowError({
    code: 'DI_UNUSED_OVERRIDE',
    message: `This test gives an output of ${dependency.name}, which stage "${reader}" does not depend on.`,
    fix: `Remove .given(${dependency.name}, …), or add it to @DependsOn.`,
    details: { stage: reader, dependency: dependency.name },
  });
}
