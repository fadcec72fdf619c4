import { StageflowError } from '../errors/index.js';
import { dependenciesOf, nameOfWrapper, type Wrapper } from './wrappers.js';

/** @returns the provider, if all runs can share it @throws DI_CAPTIVE_SCOPE */
export function checkShared(wrapper: Wrapper): Wrapper {
  if (wrapper.isDependencyTreeStatic()) return wrapper;
  const path = pathToRun(wrapper);
  throw captive(
    `${nameOfWrapper(wrapper)} serves all runs, but needs what belongs to one: ${path.join(' → ')}.`,
    'Read the caller from the context it is called with, instead of asking for it in the constructor.',
    path,
  );
}

/**
 * Nest decides what is shared from what it has recorded. If it shares what asks for something of one run, callers would
 * meet there, so nothing starts.
 * @throws DI_CAPTIVE_SCOPE
 */
export function checkSharedByNest(wrapper: Wrapper): void {
  if (!wrapper.isDependencyTreeStatic()) return;
  const needed = dependenciesOf(wrapper).find((dependency) => dependency?.isDependencyTreeStatic() === false);
  if (needed === undefined) return;
  const path = [nameOfWrapper(wrapper), ...pathToRun(needed)];
  const message = `Nest shares ${path[0]} between runs, but it needs what belongs to one: ${path.join(' → ')}.`;
  throw captive(message, `Give ${path[0]} the scope of a request: @Injectable({ scope: Scope.REQUEST }).`, path);
}

function captive(message: string, fix: string, path: readonly string[]): StageflowError {
  return new StageflowError({ code: 'DI_CAPTIVE_SCOPE', message, fix, details: { provider: path[0], path } });
}

function pathToRun(wrapper: Wrapper): readonly string[] {
  const path: string[] = [];
  const seen = new Set<Wrapper>();
  for (let step: Wrapper | undefined = wrapper; step !== undefined && !seen.has(step); ) {
    seen.add(step);
    path.push(nameOfWrapper(step));
    step = dependenciesOf(step).find((dependency) => dependency?.isDependencyTreeStatic() === false);
  }
  return path;
}
