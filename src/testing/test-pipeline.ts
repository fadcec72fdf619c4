import type { AuthContext, OrgContext } from '../auth/index.js';
import type { Clock } from '../clock/index.js';
import { Stageflow, type StageflowOptions } from '../container/index.js';
import { MemorySink, type PipelineEvent } from '../events/index.js';
import type { Class, CustomProvider, FactoryDependency, Token } from '../metadata/index.js';
import type { PipelineRun, RunInput, RunOptions, RunResults } from '../run/index.js';
import { type OutputOf, type StageClass, StageOutput } from '../stage/index.js';

type TestCaller = Pick<RunInput, 'auth' | 'org'>;

/** What others can see of `T`: a stand-in needs no private members. */
export type PublicSide<T> = T extends object ? Pick<T, keyof T> : T;

/** What a provider is replaced with. */
export interface ProviderOverride<T, R> {
  /** The value as it is, `null` and `false` included. */
  useValue(value: PublicSide<T>): R;
  useClass(target: Class<PublicSide<T> & object>): R;
  useFactory(
    factory: (...args: any[]) => PublicSide<T> | Promise<PublicSide<T>>,
    inject?: readonly FactoryDependency[],
  ): R;
}

/** What a stage is replaced with: it keeps its name, its dependencies and everything around it. */
export interface StageOverride<C extends StageClass, R> {
  useValue(instance: { execute(ctx: any): unknown }): R;
  useClass(target: StageClass): R;
  /** The stage hands on this, or ends like this StageOutput. */
  output(output: OutputOf<C> | StageOutput<never>): R;
  /** The stage throws this. */
  fail(error: unknown): R;
}

/** Prepares a pipeline with parts of it replaced. Nothing is built before `compile`. */
export class PipelineTest {
  readonly #module: Class;
  readonly #overrides: CustomProvider[] = [];
  #options: StageflowOptions = {};
  #caller: TestCaller | undefined;

  constructor(module: Class) {
    this.#module = module;
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
    const provider = this.overrideProvider<object>(stage);
    return {
      useValue: (instance) => provider.useValue(instance),
      useClass: (target) => provider.useClass(target),
      output: (output) => provider.useValue({ execute: () => output }),
      fail: (error) =>
        provider.useValue({
          execute: () => {
            throw error;
          },
        }),
    };
  }

  /** The caller of every run that names none itself; access rules believe it. Default of `org`: what `auth` names. */
  withAuth(auth: AuthContext, org?: OrgContext): this {
    this.#caller = { auth, ...(org === undefined ? {} : { org }) };
    return this;
  }

  withClock(clock: Clock): this {
    return this.withOptions({ clock });
  }

  /** Anything else that `Stageflow.create` takes. */
  withOptions(options: Omit<StageflowOptions, 'overrides'>): this {
    this.#options = { ...this.#options, ...options };
    return this;
  }

  /** Builds the application. @throws DefinitionError as `Stageflow.create` does */
  async compile(): Promise<TestPipeline> {
    const sink = new MemorySink();
    const sinks = [...(this.#options.sinks ?? []), sink];
    const trusted = this.#caller === undefined ? {} : { trustedCallers: true };
    const options = { ...trusted, ...this.#options, sinks, overrides: this.#overrides };
    return new TestPipeline(await Stageflow.create(this.#module, options), this.#module, sink, this.#caller);
  }
}

/** A pipeline under test, with the events of all its runs. */
export class TestPipeline {
  readonly app: Stageflow;
  readonly #module: Class;
  readonly #sink: MemorySink;
  readonly #caller: TestCaller | undefined;

  constructor(app: Stageflow, module: Class, sink: MemorySink, caller: TestCaller | undefined) {
    this.app = app;
    this.#module = module;
    this.#sink = sink;
    this.#caller = caller;
  }

  get events(): readonly PipelineEvent[] {
    return this.#sink.events;
  }

  run(input: RunInput = {}, options?: RunOptions): Promise<RunResults> {
    return this.app.run(this.#module, this.#input(input), options);
  }

  start(input: RunInput = {}, options?: RunOptions): PipelineRun {
    return this.app.start(this.#module, this.#input(input), options);
  }

  /** An instance of the application: a service, or what replaced it. */
  get<T>(token: Token<T>): T {
    return this.app.get(token);
  }

  close(): Promise<void> {
    return this.app.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #input(input: RunInput): RunInput {
    const named = input.auth !== undefined || input.token !== undefined;
    return this.#caller === undefined || named ? input : { ...this.#caller, ...input };
  }
}
