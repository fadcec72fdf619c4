import { describeValue, type Misuse } from './misuse.js';

/** A condition decides at once: a promise would count as true. */
export function checkPredicate(misuse: Misuse, what: string, predicate: unknown): void {
  if (typeof predicate !== 'function') {
    misuse.add(`has ${describeValue(predicate)} as ${what}.`, 'Pass a function that returns true or false.', {
      option: what,
    });
  } else if (Object.prototype.toString.call(predicate) === '[object AsyncFunction]') {
    misuse.add(
      `has an async function as ${what}.`,
      'Return true or false directly; wait in a stage this one depends on, and test its output.',
      { option: what },
    );
  }
}
