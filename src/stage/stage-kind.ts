/** What a stage is for. Shown in the graph and in events, and used by interceptors to decide what they apply to. */
export const StageKind = {
  /** Computes something from its inputs. */
  Transform: 'transform',
  /** Adds facts from elsewhere: a profile, documents, a lookup. */
  Enrich: 'enrich',
  /** Decides which branch runs. */
  Route: 'route',
  /** Lets the run go on, or not. */
  Guard: 'guard',
  /** Changes the outside world. */
  Work: 'work',
  /** Runs a model that calls tools. */
  Agent: 'agent',
} as const;
export type StageKind = (typeof StageKind)[keyof typeof StageKind];
