import type { StageContext, StageTools } from '../stage/index.js';
import type { ToolCallLog } from './ports.js';
import type { ToolReport } from './tool-report.js';

/** The stage that calls, and the run around it. */
export interface ToolHost {
  readonly ctx: StageContext;
  /** The execution mode of the run; null if it has none. */
  readonly mode: string | null;
  /** Whether anybody hears what is reported. */
  readonly listening: boolean;
  /** Which time the run computes the stage: 1, and one more for each time a guard has sent it back. */
  readonly round: number;
  /** Remembers the calls of the run; null if nobody does. */
  readonly calls: ToolCallLog | null;
  /** The key of the item of the stage that calls; null if it is no item. Its calls are numbered by themselves. */
  readonly item: string | null;
  /** Numbers the calls of the current attempt of the stage, from 1. */
  nextCall(): number;
  /** Whether events tell the arguments of calls. */
  readonly tellsArguments: boolean;
  report(event: ToolReport): void;
  /** What is secret in a value is masked in all that is written from now on. @param model what describes it */
  hide(value: unknown, model: object): void;
  /** The value as events may show it. */
  shown(value: unknown, model: object): unknown;
  /** The run does not end while the call goes on, awaited or not, unless its grace period does. */
  outlives<T>(call: Promise<T>): Promise<T>;
}

/** The tools of a pipeline, as the engine knows them. */
export interface ToolPort {
  /** What a stage calls the tools with. */
  open(host: ToolHost): StageTools;
}
