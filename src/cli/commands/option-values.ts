import { InvalidArgumentError } from 'commander';

/** For options that may be there more than once. */
export function listed(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** A whole number, from `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`Give a whole number from ${least}.`);
  };
}

/** One of these words. */
export function oneOf<T extends string>(...words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((known) => known === text);
    if (word !== undefined) return word;
    throw new InvalidArgumentError(`Give ${words.join(', ')}.`);
  };
}
