import { type DynamicModule as NestDynamicModule, type Provider as NestProvider } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { requireInterceptor } from '../container/index.js';
import { silentLogger } from '../events/index.js';
import { defaultStack } from '../interceptors/index.js';
import type { AnyInterceptor, InterceptorLike } from '../stage/index.js';
import { CallerInterceptor } from './caller-interceptor.js';
import { fromClass } from './class-record.js';
import { hostOf } from './feature-modules.js';
import { NestRuntime } from './nest-runtime.js';
import { providerOf } from './provider-of-record.js';
import { RUN_PROVIDERS } from './run-tokens.js';
import { StageflowHealth } from './stageflow-health.js';
import type {
  StageflowAsyncOptions,
  StageflowFeature,
  StageflowModuleOptions,
  StageflowRootOptions,
} from './stageflow-options.js';
import { withPlugins } from './with-plugins.js';

/** Under this the options of `forRoot` are kept. */
const OPTIONS: unique symbol = Symbol('stageflow options');

/**
 * Pipelines in a Nest application: `forRoot` once, and `forFeature` wherever pipelines are injected. Nest owns the
 * instances, so that its overrides, hooks and scopes hold for stages as for any provider.
 */
export class StageflowModule {
  /** The engine of the application and who calls. Global: import it once, in the root module. */
  static forRoot(options: StageflowRootOptions = {}): NestDynamicModule {
    const { imports = [], providers = [], interceptors = [], ...rest } = withPlugins(options);
    return rootModule(imports, [{ provide: OPTIONS, useValue: rest }, ...providers], interceptors);
  }

  /** The same with options that come out of services, such as a ConfigService. */
  static forRootAsync(options: StageflowAsyncOptions): NestDynamicModule {
    const { imports = [], providers = [], interceptors = [], useFactory, inject = [] } = options;
    return rootModule(imports, [{ provide: OPTIONS, useFactory, inject }, ...providers], interceptors);
  }

  /**
   * Provides pipelines to the module that imports this: `@InjectPipeline(CrawlPipeline)`. A pipeline that several
   * modules import is one. Its stages see what the pipeline's own modules provide and import, and global modules; not
   * the providers of the module that imports this: hand those over by `{ pipeline, imports, providers }`.
   * @throws DefinitionError with everything that is wrong with a pipeline
   */
  static forFeature(features: readonly StageflowFeature[]): NestDynamicModule {
    const hosts = features.map(hostOf);
    return { module: StageflowModule, imports: hosts, exports: hosts };
  }
}

function rootModule(
  imports: NonNullable<NestDynamicModule['imports']>,
  providers: readonly NestProvider[],
  interceptors: readonly InterceptorLike[],
): NestDynamicModule {
  const classes = interceptors.filter((like) => typeof like === 'function');
  return {
    module: StageflowModule,
    global: true,
    imports,
    providers: [
      ...providers,
      ...RUN_PROVIDERS,
      ...classes.map((target) => providerOf(fromClass(target))),
      {
        provide: NestRuntime,
        useFactory: (given: StageflowModuleOptions, ...built: AnyInterceptor[]) => {
          const options = withPlugins(given);
          const all = interceptors.map((like) => (typeof like === 'function' ? built[classes.indexOf(like)] : like));
          const { defaults, logger = silentLogger } = options;
          const stack = defaults === false ? [] : defaultStack(logger, defaults);
          return new NestRuntime(options, checkInterceptors([...stack, ...all, ...(options.interceptors ?? [])]));
        },
        inject: [OPTIONS, ...classes],
      },
      {
        provide: APP_INTERCEPTOR,
        useFactory: (runtime: NestRuntime) => new CallerInterceptor(runtime),
        inject: [NestRuntime],
      },
      {
        provide: StageflowHealth,
        useFactory: (runtime: NestRuntime) => new StageflowHealth(runtime),
        inject: [NestRuntime],
      },
    ],
    exports: [NestRuntime, StageflowHealth, ...RUN_PROVIDERS.map(({ provide }) => provide)],
  };
}

function checkInterceptors(all: readonly unknown[]): readonly AnyInterceptor[] {
  return all.map((interceptor, index) => requireInterceptor(interceptor, `interceptors[${index}] of StageflowModule`));
}
