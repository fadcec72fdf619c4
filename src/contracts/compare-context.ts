import type { ReadProblem } from './readability.js';
import type { SchemaReader } from './schema-reader.js';

/** Compares a schema of the left document with one of the right: what the left allows and the right refuses. */
export type Compare = (left: unknown, right: unknown, path: string) => ReadProblem[];

export interface Context {
  readonly compare: Compare;
  readonly left: SchemaReader;
  readonly right: SchemaReader;
}
