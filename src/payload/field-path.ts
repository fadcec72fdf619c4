/** How a walk got from a container to what is in it. */
export type Step = string | number | EntryStep | null;

/** Inside a Map or a Set, by position: the keys of a Map are data, and data has no place in a message. */
export interface EntryStep {
  readonly entry: number;
  readonly side: 'key' | 'value' | 'item';
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const LONGEST_NAME = 80;

/** `metadata.user.tags[3]`, `input["odd key"]`, `input.prices[entry 2].value`. `null` steps stand for the root. */
export function formatPath(root: string, steps: readonly Step[]): string {
  let path = root;
  for (const step of steps) if (step !== null) path += formatStep(step);
  return path;
}

function formatStep(step: string | number | EntryStep): string {
  if (typeof step === 'number') return `[${step}]`;
  if (typeof step === 'object')
    return step.side === 'item' ? `[item ${step.entry}]` : `[entry ${step.entry}].${step.side}`;
  const name = step.length > LONGEST_NAME ? `${step.slice(0, LONGEST_NAME)}…` : step;
  return IDENTIFIER.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
