import { DefinitionError, type Problem } from '../errors/index.js';
import { interceptorName, roleOf } from '../interceptors/index.js';
import { type AnyInterceptor, type InterceptorClass, type InterceptorLike, InterceptorRole } from '../stage/index.js';

interface Place {
  readonly pipeline: string;
  readonly stage: string;
}

/** What a stage is to do without although it is not around it: most likely a slip, or a rename that was forgotten. */
export function unknownSkips(
  skips: readonly InterceptorClass[],
  around: readonly InterceptorLike[],
  { pipeline, stage }: Place,
): readonly Problem[] {
  return skips
    .filter((skip) => !around.some((like) => isOf(like, skip)))
    .map(({ name }) => ({
      code: 'INTERCEPTOR_SKIP_INVALID',
      message: `Stage "${stage}" of pipeline "${pipeline}" skips ${name}, which is not around it.`,
      fix: `Remove @SkipInterceptor(${name}), or name the class that is listed.`,
      details: { pipeline, stage, interceptor: name },
    }));
}

/** The layers that are left. @throws DefinitionError with INTERCEPTOR_SKIP_INVALID for one of security */
export function withoutSkipped(
  layers: readonly AnyInterceptor[],
  skips: readonly InterceptorClass[],
  { pipeline, stage }: Place,
): readonly AnyInterceptor[] {
  if (skips.length === 0) return layers;
  const isSkipped = (layer: AnyInterceptor): boolean => skips.some((skip) => layer instanceof skip);
  const secure = layers.filter((layer) => isSkipped(layer) && roleOf(layer) === InterceptorRole.Security);
  if (secure.length === 0) return layers.filter((layer) => !isSkipped(layer));
  const problems = secure.map((layer) => ({
    code: 'INTERCEPTOR_SKIP_INVALID' as const,
    message: `Stage "${stage}" of pipeline "${pipeline}" skips ${interceptorName(layer)}, which is there for security.`,
    fix: 'Let the interceptor itself say where it applies, by appliesTo(stage), or open the stage with @Public().',
    details: { pipeline, stage, interceptor: interceptorName(layer) },
  }));
  throw new DefinitionError(`pipeline "${pipeline}"`, problems);
}

/** Also with its options filled in: `X.with(options)` is an instance of X, or a class made from it. */
function isOf(like: InterceptorLike, wanted: InterceptorClass): boolean {
  if (typeof like !== 'function') return like instanceof wanted;
  return like === wanted || (like.prototype as unknown) instanceof wanted;
}
