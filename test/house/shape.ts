import type { SourceFile } from './source-file.js';

/** A file of this many lines holds a second idea. Aim at 150. */
const MOST_LINES = 250;
/** Spelled so that this file does not say them. */
const UNFINISHED = /\b(?:TO[D]O|FIX[M]E)\b/;

export function lengthProblems(file: SourceFile): string[] {
  const count = file.text.trimEnd().split('\n').length;
  return count > MOST_LINES ? [`${file.path}: has ${count} lines, more than ${MOST_LINES}.`] : [];
}

/** Closed sets are `as const` objects with a union type. */
export function enumProblems(file: SourceFile): string[] {
  return file.enums.map((line) => `${file.path}:${line}: declares an enum.`);
}

/** A default export has no name that a search would find. */
export function defaultExportProblems(file: SourceFile): string[] {
  return file.defaultExports.map((line) => `${file.path}:${line}: has a default export.`);
}

export function unfinishedProblems(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const word = UNFINISHED.exec(line)?.[0];
    return word === undefined ? [] : [`${path}:${index + 1}: says ${word}.`];
  });
}
