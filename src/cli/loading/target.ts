import { Stageflow } from '../../container/index.js';
import { type ModuleLike, readOwnMetadata } from '../../metadata/index.js';
import { Pipeline, RunnablePipeline } from '../../pipeline/index.js';
import { exportError } from '../cli-errors.js';
import type { LoadedModule } from './load-module.js';

/** Something the command line can check, draw or run. */
export type Target =
  | { readonly kind: 'module'; readonly name: string; readonly value: ModuleLike }
  | { readonly kind: 'pipeline'; readonly name: string; readonly value: Pipeline<any> } // whatever its stages hand on
  | { readonly kind: 'runnable'; readonly name: string; readonly value: RunnablePipeline }
  | { readonly kind: 'application'; readonly name: string; readonly value: Stageflow };

const KINDS = 'a class with @PipelineModule, a Pipeline, what build() gives, or an application';

/**
 * What a module is about: the export that was named, else its default export, else the only one that can be run.
 * @throws CLI_EXPORT_UNKNOWN
 */
export function pickTarget(module: LoadedModule, wanted: string | null): Target {
  const name = wanted ?? module.exported;
  if (name !== null) return namedTarget(module, name);
  const found = targetsOf(module);
  const [only, second] = found;
  if (only !== undefined && second === undefined) return only;
  // Of a module of CommonJS, the default export is all of its exports.
  const { default: main } = module.exports;
  if (main !== undefined && (only === undefined || targetOf('default', main) !== undefined)) {
    return namedTarget(module, 'default');
  }
  const names = found.map((target) => target.name);
  throw exportError(
    only === undefined
      ? `${module.file} exports nothing that can be run.`
      : `${module.file} exports ${names.length} things that can be run: ${names.join(', ')}.`,
    only === undefined ? `Export ${KINDS}.` : `Say which one with --export ${names[0]}.`,
    { file: module.file, exports: names },
  );
}

function namedTarget(module: LoadedModule, name: string): Target {
  const { file, exports } = module;
  if (!Object.hasOwn(exports, name)) {
    const known = Object.keys(exports).toSorted();
    const list = known.length === 0 ? 'nothing' : known.join(', ');
    throw exportError(`${file} has no export ${name}. It exports ${list}.`, 'Name one of its exports.', {
      file,
      export: name,
      exports: known,
    });
  }
  const target = targetOf(name, exports[name]);
  if (target !== undefined) return target;
  throw exportError(`Export ${name} of ${file} cannot be run.`, `Export ${KINDS}.`, { file, export: name });
}

function targetsOf({ exports }: LoadedModule): readonly Target[] {
  const found = new Map<unknown, Target>();
  for (const [name, value] of Object.entries(exports)) {
    const target = targetOf(name, value);
    if (target !== undefined && !found.has(value)) found.set(value, target);
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function targetOf(name: string, value: unknown): Target | undefined {
  if (isModule(value)) return { kind: 'module', name, value };
  if (value instanceof Pipeline) return { kind: 'pipeline', name, value };
  if (value instanceof RunnablePipeline) return { kind: 'runnable', name, value };
  if (value instanceof Stageflow) return { kind: 'application', name, value };
  return undefined;
}

function isModule(value: unknown): value is ModuleLike {
  const moduleClass = typeof value === 'function' ? value : (value as { readonly module?: unknown } | null)?.module;
  return typeof moduleClass === 'function' && readOwnMetadata('module', moduleClass) !== undefined;
}
