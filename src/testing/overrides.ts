import type { Class, FactoryDependency, ModuleLike } from '../metadata/index.js';
import type { AnyInterceptor, OutputOf, StageClass, StageOutput, ToolClass, ToolContext } from '../stage/index.js';
import type { Gate } from './gate.js';
import type { ToolScript, ToolStep } from './tool-script.js';

/** What others can see of `T`: a stand-in needs no private members. */
export type PublicSide<T> = T extends object ? Pick<T, keyof T> : T;

/** What a provider is replaced with. */
export interface ProviderOverride<T, R> {
  /** The value as it is, `null` and `false` included. */
  useValue(value: PublicSide<T>): R;
  useClass(target: Class<PublicSide<T> & object>): R;
  // any: what is injected is not known to the types.
  useFactory(
    factory: (...args: any[]) => PublicSide<T> | Promise<PublicSide<T>>,
    inject?: readonly FactoryDependency[],
  ): R;
}

/** What a stage is replaced with: it keeps its name, its dependencies, its contracts and everything around it. */
export interface StageOverride<C extends StageClass, R> {
  useValue(instance: StageStandIn): R;
  useClass(target: StageClass): R;
  // any: what is injected is not known to the types.
  useFactory(
    factory: (...args: any[]) => StageStandIn | Promise<StageStandIn>,
    inject?: readonly FactoryDependency[],
  ): R;
  /** The stage hands on this, or ends like this StageOutput. */
  output(output: OutputOf<C> | StageOutput<never>): R;
  /** The stage throws this. */
  fail(error: unknown): R;
  /** The stage, or what replaces it, waits for the gate before it begins. */
  delayUntil(gate: Gate<any>): R; // any: what it opens with does not matter
}

export interface StageStandIn {
  execute(ctx: any): unknown; // the stage says which context it has, and its contract what it may return
}

/** What `C` takes, and what it gives. */
export type ToolInput<C extends ToolClass> = Parameters<InstanceType<C>['execute']>[0];
export type ToolOutput<C extends ToolClass> = Awaited<ReturnType<InstanceType<C>['execute']>>;

export interface ToolStandIn<C extends ToolClass> {
  execute(input: ToolInput<C>, ctx: ToolContext): ToolOutput<C> | Promise<ToolOutput<C>>;
  /** A reversible tool has to be one still. */
  undo?(record: any, ctx: any): unknown; // a script has one that fits every tool
}

/** What a tool is replaced with: its contracts, access rules, modes and approvals still hold. */
export interface ToolOverride<C extends ToolClass, R> {
  useValue(instance: ToolStandIn<C>): R;
  useClass(target: Class<ToolStandIn<C>>): R;
  // any: what is injected is not known to the types.
  useFactory(
    factory: (...args: any[]) => ToolStandIn<C> | Promise<ToolStandIn<C>>,
    inject?: readonly FactoryDependency[],
  ): R;
  /** Every call gives this. */
  output(output: ToolOutput<C>): R;
  /** Every call throws this. */
  fail(error: unknown): R;
  /** Each call takes the next step. */
  script(steps: readonly ToolStep<ToolInput<C>, ToolOutput<C>>[] | ToolScript<ToolInput<C>, ToolOutput<C>>): R;
  /** The tool, or what replaces it, waits for the gate before it begins. */
  delayUntil(gate: Gate<any>): R; // any: what it opens with does not matter
}

/** What an interceptor is replaced with. Where it stands in the onion is for the new one to say. */
export type InterceptorOverride<R> = ProviderOverride<AnyInterceptor, R>;

export interface ModuleOverride<R> {
  /** The other module is imported instead, under the same prefix; it has to export what importers ask for. */
  useModule(module: ModuleLike): R;
}
