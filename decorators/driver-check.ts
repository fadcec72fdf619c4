import { type MetadataKind, readMetadata } from '../src/metadata/index.js';
import { isClass, type Misuse } from './misuse.js';

/** What drives a stage in the place of its `execute`, by the decorator that says so. */
const DRIVERS = { subPipeline: '@SubPipeline', forEach: '@ForEach', repeat: '@Repeat' } as const satisfies Partial<
  Record<MetadataKind, string>
>;

/** A stage is driven by one thing. */
export function checkOnlyDriver(misuse: Misuse, target: Function, own: keyof typeof DRIVERS): void {
  for (const [kind, decorator] of Object.entries(DRIVERS)) {
    if (kind === own || readMetadata(kind as keyof typeof DRIVERS, target) === undefined) continue;
    misuse.add(
      `stands beside ${decorator}, on this class or on a parent.`,
      'A stage has one of the two: make two stages of it, or one a stage of a pipeline that the other runs.',
      { beside: decorator },
    );
  }
}

/** @param where what was to be one */
export function checkModule(misuse: Misuse, module: unknown, where: string): void {
  const isDynamic = typeof module === 'object' && module !== null && 'module' in module && isClass(module.module);
  if (isDynamic || isClass(module)) return;
  misuse.addUnfit(module, where, 'a module class, or a dynamic module,', 'METADATA_DEPENDENCY_INVALID');
}
