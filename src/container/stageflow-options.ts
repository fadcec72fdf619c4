import type { DependencyContainer } from 'tsyringe';
import type { EventSink } from '../events/index.js';
import type { DefaultStackOptions } from '../interceptors/index.js';
import type { CustomProvider } from '../metadata/index.js';
import type { EngineOptions } from '../run/index.js';
import type { InterceptorLike } from '../stage/index.js';
import type { ModuleReplacement } from './module-replacements.js';
import type { Mocker } from './resolver.js';

/** Sinks and interceptors that belong together, such as those of `openTelemetry()`. */
export interface StageflowPlugin {
  readonly sinks?: readonly EventSink[];
  readonly interceptors?: readonly InterceptorLike[];
}

/** What the engine takes, and what puts an application together. */
export interface StageflowOptions extends EngineOptions {
  /** Around every stage of the application, outside those of modules and stages. Classes are built in the root module. */
  readonly interceptors?: readonly InterceptorLike[];
  /** Bring sinks and interceptors, which come before those listed here. */
  readonly plugins?: readonly StageflowPlugin[];
  /** What stands around every stage besides. Default: a line in the log, and a look at the size of what is handed on. */
  readonly defaults?: DefaultStackOptions | false;
  /** Replace what a token stands for in every module, stages and interceptors included. For tests and deployments. */
  readonly overrides?: readonly CustomProvider[];
  /** Replace imported modules as a whole, wherever they are imported. */
  readonly moduleOverrides?: readonly ModuleReplacement[];
  /** Makes what nobody provides, asked once per token before anything is built; undefined leaves it missing. For tests. */
  readonly mocker?: Mocker;
  /** A tsyringe container of yours whose registrations stages and services may ask for. Default: tsyringe's root. */
  readonly parent?: DependencyContainer;
}
