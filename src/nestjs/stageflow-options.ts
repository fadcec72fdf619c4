import type { FactoryProvider, ModuleMetadata as NestModuleMetadata, Provider as NestProvider } from '@nestjs/common';
import type { StageflowPlugin } from '../container/index.js';
import type { DefaultStackOptions } from '../interceptors/index.js';
import type { ModuleLike } from '../metadata/index.js';
import type { EngineOptions } from '../run/index.js';
import type { InterceptorLike } from '../stage/index.js';
import type { ReadCaller } from './caller.js';

/** What `StageflowModule.forRoot` takes, besides the options of the engine. */
export interface StageflowModuleOptions extends EngineOptions {
  /**
   * Reads who calls from a request, after the guards and before the handler; runs that the handler starts are for this
   * caller. Without a `verifier` it makes `trustedCallers` true by default. Asked in every kind of context: look at
   * `context.getType()` if the application has others than HTTP.
   */
  readonly auth?: ReadCaller;
  /** What stands around every stage besides. Default: a line in the log, and a look at the size of what is handed on. */
  readonly defaults?: DefaultStackOptions | false;
  /** Around every stage of every pipeline. Classes are built by Nest in the module of `forRoot`; see `imports`. */
  readonly interceptors?: readonly InterceptorLike[];
  /** Bring sinks and interceptors, which come before those listed here. */
  readonly plugins?: readonly StageflowPlugin[];
}

interface Surroundings {
  /** Nest modules whose exports the factory and the interceptor classes may ask for. */
  readonly imports?: NonNullable<NestModuleMetadata['imports']>;
  /** Only for this module, such as services of interceptors. */
  readonly providers?: readonly NestProvider[];
}

/** `forRoot` with what only the application can know. */
export type StageflowRootOptions = StageflowModuleOptions & Surroundings;

/** Options that come out of services, for `StageflowModule.forRootAsync`. */
export interface StageflowAsyncOptions extends Surroundings {
  readonly inject?: NonNullable<FactoryProvider['inject']>;
  // The parameters are what `inject` names, which TypeScript cannot tie to it.
  readonly useFactory: (...args: any[]) => StageflowFactoryOptions | Promise<StageflowFactoryOptions>;
  /** Interceptor classes have to be known before the factory is called; those that it returns must be objects. */
  readonly interceptors?: readonly InterceptorLike[];
}

/** What the factory of `forRootAsync` returns. */
export type StageflowFactoryOptions = StageflowModuleOptions;

/** One entry of `StageflowModule.forFeature`: a pipeline, with Nest modules and providers that its stages need. */
export type StageflowFeature =
  | ModuleLike
  | {
      readonly pipeline: ModuleLike;
      /** Nest modules whose exports the classes of the pipeline may ask for. */
      readonly imports?: NonNullable<NestModuleMetadata['imports']>;
      /** Nest providers for this pipeline alone. */
      readonly providers?: readonly NestProvider[];
    };
