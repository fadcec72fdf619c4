type Fields = ReadonlySet<string>;

/** `Symbol.for`: two loaded copies of stageflow see each other's marks. */
const MARKS = Symbol.for('stageflow:sensitive');
const NONE: Fields = new Set();

/**
 * Marks a field of a class as sensitive; what `@Sensitive()` does. The marks stand on the prototype, each class with the
 * full list of its own: parents are complete before their subclasses exist, so one look finds all that is inherited, and
 * what a subclass adds reaches neither its parent nor its siblings.
 */
export function markSensitive(prototype: object, field: string): void {
  const value: Fields = new Set([...marksOf(prototype), field]);
  Object.defineProperty(prototype, MARKS, { value, configurable: true });
}

/** Which fields of a class are marked with `@Sensitive()`, those of its ancestors included. */
export function sensitiveFields(cls: Function): Fields {
  return marksOf(cls.prototype as object | null | undefined);
}

/** The marks for an instance, or those on a prototype. */
export function marksOf(object: object | null | undefined): Fields {
  const marks = (object as { [MARKS]?: unknown } | null | undefined)?.[MARKS];
  return marks instanceof Set ? marks : NONE;
}
