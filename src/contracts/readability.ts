/** What is known of whether one contract can be read by another. */
export const Readability = {
  Yes: 'yes',
  No: 'no',
  /** It cannot be decided: part of a schema says too little, or says it in words that are not understood. */
  Unknown: 'unknown',
} as const;
export type Readability = (typeof Readability)[keyof typeof Readability];

export interface ReadProblem {
  /** `author.tags[].label`; empty for the value itself. */
  readonly path: string;
  /** Continues the path: `may be missing`. */
  readonly message: string;
  readonly verdict: typeof Readability.No | typeof Readability.Unknown;
}

/** How sure a problem is: `no` only where some value that the one side allows is refused by the other. */
export function problem(path: string, message: string, verdict: ReadProblem['verdict'] = Readability.No): ReadProblem {
  return { path, message, verdict };
}

export function unknown(path: string, message: string): ReadProblem {
  return problem(path, message, Readability.Unknown);
}

export function verdictOf(problems: readonly ReadProblem[]): Readability {
  if (problems.some(({ verdict }) => verdict === Readability.No)) return Readability.No;
  return problems.length === 0 ? Readability.Yes : Readability.Unknown;
}
