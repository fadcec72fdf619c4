import type { AccessRule } from '../auth/index.js';
import type { ContractSource } from '../contracts/index.js';
import type {
  AnyInterceptor,
  Dependency,
  InterceptorLike,
  ItemPolicy,
  ItemRun,
  LoopContext,
  LoopRun,
  RetryFromOptions,
  SpawnableModule,
  SpawnInput,
  SpawnOptions,
  StageClass,
  StageContext,
  StageKind,
} from '../stage/index.js';
import type { ModuleLike, Provider, Scope } from './provider.js';
import type { Class, LazyToken, Token } from './token.js';

/** What `@Stage` says. */
export interface StageMetadata {
  readonly name: string;
  readonly kind: StageKind;
  readonly timeoutMs: number | null;
  readonly priority: number;
  readonly idempotent: boolean;
  readonly when: ((ctx: StageContext) => boolean) | null;
  /** The contract of its output. */
  readonly output: ContractSource | null;
  /** The contract of the run's input. */
  readonly input: ContractSource | null;
}

/** What `@DependsOn` says. */
export interface DependsOnMetadata {
  readonly dependencies: readonly Dependency[];
}

/** What `@When` says. */
export interface WhenMetadata {
  readonly stage: StageClass;
  // The output type is tied to the stage in the decorator's signature; here it is only stored.
  readonly predicate: (output: any) => boolean;
}

/** What `@RetryFrom` says. */
export interface RetryFromMetadata {
  readonly stage: StageClass;
  readonly options: RetryFromOptions;
}

/** What `@SubPipeline` says. */
export interface SubPipelineMetadata {
  readonly module: SpawnableModule;
  // Its parameter is tied to the stage class in the decorator's signature; here it is only stored.
  readonly input: ((ctx: any) => SpawnInput) | null;
  readonly options: Pick<SpawnOptions, 'inherit' | 'maxConcurrency'>;
}

/** How a stage works on items. Types are tied to the stage where it is declared. */
export interface ItemPlan {
  /** Of what the source handed on. */
  readonly items: (output: any, ctx: StageContext<any>) => unknown;
  readonly key: (item: any, index: number) => unknown;
  readonly concurrency: number;
  readonly policy: ItemPolicy;
  /** Retry and limit of one item included. */
  readonly interceptors: readonly AnyInterceptor[];
  /** Null where the stage class does the work itself. */
  readonly run: ItemRun<any> | null;
}

/** What `@ForEach` says. */
export interface ForEachMetadata {
  readonly source: StageClass;
  readonly plan: ItemPlan;
}

/** What `@Repeat` says. Types are tied to the stage where it is declared. */
export interface LoopPlan {
  readonly until: (output: any, ctx: LoopContext<any>) => unknown;
  /** Null if only the time bounds it. */
  readonly maxIterations: number | null;
  /** Null if only the number of iterations bounds it. */
  readonly timeoutMs: number | null;
  readonly stagnation: number | null;
  /** Null where the stage class does the work itself. */
  readonly run: LoopRun | null;
}

/** What `@Intercept` and its short forms say, the parent class's first, then as they stand, from the top. */
export interface InterceptMetadata {
  readonly interceptors: readonly InterceptorLike[];
  /** The decorators on the class itself that said it, each of which may stand there once. */
  readonly saidBy: readonly string[];
}

/** What `@RequireAuth`, `@RequireRoles`, `@Public` and the like say on one class, from top to bottom. */
export interface AccessMetadata {
  readonly rules: readonly AccessRule[];
}

/** What `@PipelineModule` says. */
export interface ModuleMetadata {
  readonly name: string;
  readonly stages: readonly StageClass[];
  readonly tools: readonly Class[];
  readonly interceptors: readonly InterceptorLike[];
  readonly imports: readonly ModuleLike[];
  readonly providers: readonly Provider[];
  readonly exports: readonly (Token | ModuleLike)[];
  readonly maxConcurrency: number | null;
  readonly failurePolicy: 'fail-fast' | 'continue' | null;
}

/** What `@Injectable` says. */
export interface InjectableMetadata {
  readonly scope: Scope | null;
}

/** What `@Inject` and `@Optional` say of one constructor parameter. */
export interface ParameterMetadata {
  readonly index: number;
  readonly token?: Token | LazyToken;
  readonly optional?: true;
}
