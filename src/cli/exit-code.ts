/** What the process ends with. Part of the public surface: scripts depend on it. */
export const ExitCode = {
  Ok: 0,
  /** A run failed, a replay came to something else, or a contract has a breaking change. */
  Failed: 1,
  /** The command line, a module or the configuration cannot be used. */
  Usage: 2,
  /** A definition has problems. */
  Definition: 3,
  /** The run or approval request is not there, or may not be used in this way. */
  Refused: 4,
  /** A run was cancelled, by one of its stages. */
  Cancelled: 5,
  /** A fault of stageflow, of a store or of the configuration. */
  Fault: 70,
  /** Ctrl-C. */
  Interrupted: 130,
  /** SIGTERM. */
  Terminated: 143,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
