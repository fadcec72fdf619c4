import type { Class, DynamicModule, ModuleLike, ModuleMetadata } from '../metadata/index.js';
import { readOwnMetadata } from '../metadata/index.js';
import { isNamespace } from '../stage/index.js';
import { CIRCULAR_FILES, nameValue, type ProblemList } from './problem-list.js';
import type { ModuleNode } from './wiring-records.js';

/** What is read in the place of an imported module. */
type StandFor = (imported: ModuleLike) => ModuleLike;

const itself: StandFor = (imported) => imported;

interface Visit {
  readonly node: ModuleNode;
  next: number;
}

/**
 * Every module reachable from the root, imported ones before their importers. A class is one module however often it is
 * imported; every dynamic module object is one of its own. Iterative, so that depth costs no stack.
 */
export function readModules(
  root: ModuleLike,
  problems: ProblemList,
  standFor: StandFor = itself,
): readonly ModuleNode[] {
  const known = new Map<ModuleLike, ModuleNode | null>();
  const ordered: ModuleNode[] = [];
  const stack: Visit[] = [];
  const open = new Set<ModuleNode>();
  const enter = (key: ModuleLike, where: string, standing = key): ModuleNode | null => {
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    const node = createNode(key, standing, where, problems);
    known.set(key, node);
    if (node === null) return null;
    stack.push({ node, next: 0 });
    open.add(node);
    return node;
  };
  enter(root, 'The root');
  for (let visit = stack.at(-1); visit !== undefined; visit = stack.at(-1)) {
    const { node } = visit;
    const position = visit.next++;
    if (position >= node.definition.imports.length) {
      stack.pop();
      open.delete(node);
      ordered.push(node);
      continue;
    }
    const listed = node.definition.imports[position] as ModuleLike;
    const imported = enter(listed, `imports[${position}] of ${node.name}`, standFor(listed));
    if (imported === null) continue;
    const entered = stack.at(-1) !== visit;
    if (!entered && open.has(imported)) reportCycle(stack, imported, problems);
    else if (!node.imports.includes(imported)) node.imports.push(imported);
  }
  return ordered;
}

/** @param key what importers name it by @param standing what is read instead of it, or it itself */
function createNode(key: ModuleLike, standing: ModuleLike, where: string, problems: ProblemList): ModuleNode | null {
  const dynamic = isDynamic(standing) ? standing : null;
  const moduleClass = dynamic === null ? (standing as Class) : dynamic.module;
  const metadata = typeof moduleClass === 'function' ? readOwnMetadata('module', moduleClass) : undefined;
  if (typeof moduleClass !== 'function' || metadata === undefined) {
    problems.add(
      'METADATA_NOT_A_MODULE',
      `${where} is ${nameValue(moduleClass)}, which is not a module.`,
      moduleClass === undefined ? CIRCULAR_FILES : 'Decorate the class with @PipelineModule, or leave it out.',
      { where, value: nameValue(moduleClass) },
    );
    return null;
  }
  const definition = dynamic === null ? metadata : extend(metadata, dynamic);
  const named = isDynamic(key) ? key : dynamic;
  const prefix = named?.prefix ?? '';
  if (prefix !== '' && !isNamespace(prefix)) reportPrefix(where, moduleClass.name, prefix, problems);
  return {
    key,
    moduleClass: isDynamic(key) ? key.module : (key as Class),
    name: moduleClass.name,
    prefix,
    definition,
    imports: [],
    own: new Map(),
    exported: new Map(),
  };
}

export function isDynamic(value: unknown): value is DynamicModule {
  return typeof value === 'object' && value !== null && 'module' in value;
}

function reportPrefix(where: string, module: string, prefix: unknown, problems: ProblemList): void {
  problems.add(
    'GRAPH_OPTION_INVALID',
    `${where} gives ${module} the prefix ${JSON.stringify(prefix)}.`,
    'Give a name without spaces; dots may stand inside it.',
    { where, module, option: 'prefix' },
  );
}

/** A dynamic module adds to what its class says. */
function extend(metadata: ModuleMetadata, dynamic: DynamicModule): ModuleMetadata {
  return {
    ...metadata,
    imports: [...metadata.imports, ...(dynamic.imports ?? [])],
    providers: [...metadata.providers, ...(dynamic.providers ?? [])],
    exports: [...metadata.exports, ...(dynamic.exports ?? [])],
  };
}

/** The import that closes the circle is dropped, so that everything else can still be checked. */
function reportCycle(stack: readonly Visit[], entry: ModuleNode, problems: ProblemList): void {
  const start = stack.findIndex((visit) => visit.node === entry);
  const path = [...stack.slice(start).map((visit) => visit.node.name), entry.name];
  problems.add(
    'DI_MODULE_CYCLE',
    `Modules import each other in a circle: ${path.join(' → ')}.`,
    'Move what both need into a third module that both import.',
    { path },
  );
}
