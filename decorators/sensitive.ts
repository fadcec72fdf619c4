import { markSensitive } from '../src/masking/index.js';
import { isClass, Misuse } from './misuse.js';

/**
 * Keeps the value of a field out of everything stageflow writes: events, logs, spans, errors, approvals and journals.
 * Subclasses inherit the mark. For data that no class describes, give the masking rules paths or names.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function Sensitive(): (prototype: object, field: string) => void {
  return (prototype: object, field: unknown, third?: unknown) => {
    const misuse = new Misuse('@Sensitive', isClass(prototype) ? prototype : prototype.constructor);
    checkPlace(misuse, prototype, field, third);
    misuse.throwIfAny();
    markSensitive(prototype, field as string);
  };
}

function checkPlace(misuse: Misuse, target: object, field: unknown, third: unknown): void {
  const fix = 'Put @Sensitive() directly above a field that instances have.';
  if (typeof third === 'number') misuse.add('stands on a parameter.', fix);
  else if (isClass(target)) {
    misuse.add(field === undefined ? 'stands on a class.' : `stands on the static field "${String(field)}".`, fix);
  } else if (typeof field === 'symbol') misuse.add('stands on a field whose name is a symbol.', fix);
  else if (typeof field !== 'string') misuse.add('stands on something without a name.', fix);
  else if (isMethod(third)) misuse.add(`stands on the method "${field}".`, fix, { method: field });
}

function isMethod(descriptor: unknown): boolean {
  return typeof (descriptor as PropertyDescriptor | undefined)?.value === 'function';
}
