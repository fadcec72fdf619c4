import type { ApprovalService, Decider } from '../../approvals/index.js';
import type { StageflowOptions } from '../../container/index.js';
import type { Journal } from '../../journal/index.js';

/** A value, or how to get it: functions are called by commands that need the value, and by no others. */
export type ConfigValue<T> = T | (() => T | Promise<T>);

/** What the command line works with beside your modules: the default export of `stageflow.config.ts`. */
export interface StageflowConfig {
  /** Where runs are written down. For `run`, `runs`, `replay` and `resume`. Default: that of `app`, else nowhere. */
  readonly journal?: ConfigValue<Journal>;
  /**
   * Who is asked about tool calls. For `run`, `resume` and `approvals`. Default: those of `app`, else nobody, and calls that
   * need it are denied.
   */
  readonly approvals?: ConfigValue<ApprovalService>;
  /** Who decides when `approvals` is used. Default: whoever the token in STAGEFLOW_TOKEN stands for. */
  readonly approver?: ConfigValue<Decider>;
  /** The options your program gives to `Stageflow.create` or `build()`. Also for `check` and `graph`. Default: none. */
  readonly app?: ConfigValue<StageflowOptions>;
  /** Called last by every command: closes databases. */
  readonly close?: () => void | Promise<void>;
}

/** Types the default export of `stageflow.config.ts`. Gives back what it is given. */
export function defineConfig(config: StageflowConfig): StageflowConfig {
  return config;
}
