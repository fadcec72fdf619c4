/** Imported with `import type` by the test, which erases it. */
export class TypeOnly {
  readonly kind = 'type-only';
}
