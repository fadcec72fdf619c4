import type { TransformStorage, TypeMetadata } from './peers.js';

/** What class-transformer is going to do with one key of a plain object. */
export interface KeyTransform {
  /** The property it becomes: `@Expose({ name })` may call it something else. */
  readonly property: string;
  /** What `@Type` says. */
  readonly type: TypeMetadata | undefined;
  /** Whether there is a `@Transform`. */
  readonly isTransformed: boolean;
}

const PLAIN_TO_CLASS = 0; // of class-transformer's TransformationType
/** Keys come from the values that are checked, so there may be any number of them. */
const MOST_KEYS = 256;

const known = new WeakMap<Function, Map<string, KeyTransform>>();

/** Remembered, because class-transformer searches all parents of a class on every question. */
export function transformOf(target: Function, key: string, types: TransformStorage): KeyTransform {
  const keys = known.get(target) ?? new Map<string, KeyTransform>();
  const before = keys.get(key);
  if (before !== undefined) return before;
  const property = types.findExposeMetadataByCustomName(target, key)?.propertyName ?? key;
  const type = types.findTypeMetadata(target, property);
  const isTransformed = types.findTransformMetadatas(target, property, PLAIN_TO_CLASS).length > 0;
  const found = { property, type, isTransformed };
  if (keys.size < MOST_KEYS) known.set(target, keys.set(key, found));
  return found;
}
