import type { AuthContext, OrgContext } from '../auth/index.js';
import { type Clock, systemClock } from '../clock/index.js';
import { type Mocker, type ModuleReplacement, Stageflow, type StageflowOptions } from '../container/index.js';
import type { AbstractClass, Class, CustomProvider, ModuleLike, Token } from '../metadata/index.js';
import type { RunInput } from '../run/index.js';
import type { AnyInterceptor, StageClass, ToolClass } from '../stage/index.js';
import { type TestDefaults, type TestParts, TestPipeline } from './compiled-test.js';
import { EventRecorder } from './event-recorder.js';
import { type Fault, FaultPlan } from './fault.js';
import type { Gate } from './gate.js';
import type {
  InterceptorOverride,
  ModuleOverride,
  ProviderOverride,
  StageOverride,
  ToolOverride,
} from './overrides.js';
import { ToolScript } from './tool-script.js';
import { WatchedApprovals } from './watched-approvals.js';
import { WatchedClock } from './watched-clock.js';

/** Prepares a pipeline with parts of it replaced. Nothing is built before `compile`. */
export class PipelineTest {
  readonly #module: Class;
  readonly #root: ModuleLike;
  readonly #overrides: CustomProvider[] = [];
  readonly #modules: ModuleReplacement[] = [];
  readonly #faults = new Map<Class, FaultPlan>();
  #mocker: Mocker | undefined;
  #options: StageflowOptions = {};
  #caller: TestDefaults['caller'];
  #input: RunInput = {};

  /** @param root of the application that the pipeline is in */
  constructor(module: Class, root: ModuleLike = module) {
    this.#module = module;
    this.#root = root;
  }

  /** Replaces a provider in every module. An override that replaces nothing is an error of `compile`. */
  overrideProvider<T>(token: Token<T>): ProviderOverride<T, this> {
    const add = (override: CustomProvider): this => {
      this.#overrides.push(override);
      return this;
    };
    return {
      useValue: (useValue) => add({ provide: token, useValue }),
      useClass: (useClass) => add({ provide: token, useClass }),
      useFactory: (useFactory, inject = []) => add({ provide: token, useFactory, inject }),
    };
  }

  /** Replaces what a stage does. */
  overrideStage<C extends StageClass>(stage: C): StageOverride<C, this> {
    const { useValue, useClass, useFactory } = this.overrideProvider<object>(stage);
    return {
      useValue,
      useClass,
      useFactory,
      output: (output) => useValue({ execute: () => output }),
      fail: (error) =>
        useValue({
          execute: () => {
            throw error;
          },
        }),
      delayUntil: (gate) => this.#delayUntil(stage, gate),
    };
  }

  /** Replaces what a tool does, once everything around the call has let it through. */
  overrideTool<C extends ToolClass>(tool: C): ToolOverride<C, this> {
    const { useValue, useClass, useFactory } = this.overrideProvider<object>(tool);
    const always = { repeatLast: true };
    return {
      useValue,
      useClass,
      useFactory,
      output: (output) => useValue(new ToolScript([{ output }], always)),
      fail: (error) => useValue(new ToolScript([{ fail: error }], always)),
      script: (steps) => useValue(steps instanceof ToolScript ? steps : new ToolScript(steps)),
      delayUntil: (gate) => this.#delayUntil(tool, gate),
    };
  }

  /** Replaces interceptors of a class wherever they are listed: as the class, with options filled in, or as an object of it. */
  overrideInterceptor(interceptor: AbstractClass<AnyInterceptor>): InterceptorOverride<this> {
    return this.overrideProvider<AnyInterceptor>(interceptor);
  }

  /** Replaces an imported module. A class stands for every dynamic module made of it. */
  overrideModule(module: ModuleLike): ModuleOverride<this> {
    return {
      useModule: (by) => {
        this.#modules.push({ module, by });
        return this;
      },
    };
  }

  /** Makes what nobody provides, asked once per token. Undefined leaves it missing, which is an error of `compile`. */
  useMocker(mocker: Mocker): this {
    this.#mocker = mocker;
    return this;
  }

  /** Makes a stage or a tool fail, dawdle or hang: at every call, or at those that `at` names. */
  injectFault(target: StageClass | ToolClass, fault: Fault): this {
    const plan = this.#faults.get(target) ?? new FaultPlan();
    this.#faults.set(target, plan);
    plan.add(fault);
    return this;
  }

  /** The caller of every run that names none itself; access rules believe it. Default of `org`: what `auth` names. */
  withAuth(auth: AuthContext, org?: OrgContext): this {
    this.#caller = { auth, ...(org === undefined ? {} : { org }) };
    return this;
  }

  /** What every run is started with; a run may say otherwise, part by part. */
  withInput(input: Omit<RunInput, 'auth' | 'org' | 'token'>): this {
    this.#input = { ...this.#input, ...input };
    return this;
  }

  /** What timeouts, retries and times to live go by. */
  withClock(clock: Clock): this {
    return this.withOptions({ clock });
  }

  /** Anything else that `Stageflow.create` takes. */
  withOptions(options: Omit<StageflowOptions, 'overrides' | 'moduleOverrides' | 'mocker'>): this {
    this.#options = { ...this.#options, ...options };
    return this;
  }

  /** Builds the application. @throws DefinitionError as `Stageflow.create` does */
  async compile(): Promise<TestPipeline> {
    return new TestPipeline(await this.build(), this.defaults);
  }

  protected get defaults(): TestDefaults {
    return { caller: this.#caller, input: this.#input };
  }

  protected async build(): Promise<TestParts> {
    const { clock = systemClock, sinks = [], toolServices = {} } = this.#options;
    const recorder = new EventRecorder();
    const watched = new WatchedClock(clock);
    const approvals = toolServices.approvals === undefined ? null : new WatchedApprovals(toolServices.approvals);
    const app = await Stageflow.create(this.#root, {
      ...(this.#caller === undefined ? {} : { trustedCallers: true }),
      ...this.#options,
      clock: watched,
      sinks: [...sinks, recorder],
      ...(approvals === null ? {} : { toolServices: { ...toolServices, approvals } }),
      overrides: this.#withFaults(watched),
      moduleOverrides: this.#modules,
      ...(this.#mocker === undefined ? {} : { mocker: this.#mocker }),
    });
    return { app, module: this.#module, recorder, clock: watched, driven: clock, approvals };
  }

  #delayUntil(target: Class, gate: Gate<any>): this {
    return this.injectFault(target as StageClass, { until: gate });
  }

  #withFaults(clock: Clock): readonly CustomProvider[] {
    const left = new Map(this.#faults);
    const overrides = this.#overrides.map((override) => {
      const target = override.provide as Class; // a key of the map if it has faults
      const plan = left.get(target);
      left.delete(target);
      return plan === undefined ? override : plan.around(target, override, clock);
    });
    return [...overrides, ...[...left].map(([target, plan]) => plan.around(target, undefined, clock))];
  }
}
