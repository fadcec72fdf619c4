import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import type { BoundPipeline, RunInput, RunResults } from '../../run/index.js';

export type Arguments = Readonly<Record<string, unknown>>;

/** Something that a client may call: how it is listed, and the run that a call of it is. */
export interface OfferedEntry {
  readonly listed: Tool;
  readonly bound: BoundPipeline;
  /** Whether it is one tool, and not a pipeline. */
  readonly ofTool: boolean;
  /** What the run starts with. @throws StageflowError if the arguments cannot be used */
  input(given: Arguments, callId: string): RunInput | Promise<RunInput>;
  /** What a completed run answers. */
  answer(results: RunResults): unknown;
}
