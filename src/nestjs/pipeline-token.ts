import { Inject } from '@nestjs/common';
import type { Class, ModuleLike } from '../metadata/index.js';

const tokens = new WeakMap<ModuleLike, symbol>();

/** What a pipeline is provided by: for `overrideProvider(getPipelineToken(CrawlPipeline))` and factories. */
export function getPipelineToken(pipeline: ModuleLike): symbol {
  const known = tokens.get(pipeline);
  if (known !== undefined) return known;
  const token = Symbol(`Pipeline ${nameOfModule(pipeline)}`);
  tokens.set(pipeline, token);
  return token;
}

/** Injects the handle of a pipeline, a `NestPipeline`, into a constructor parameter or a property. */
export function InjectPipeline(pipeline: ModuleLike): ParameterDecorator & PropertyDecorator {
  return Inject(getPipelineToken(pipeline));
}

export function nameOfModule(module: ModuleLike): string {
  return typeof module === 'function' ? module.name : (module.module as Class).name;
}
