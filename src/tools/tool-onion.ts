import type { StageContext, StageOutput } from '../stage/index.js';

/** What is around a tool: gives what came of a call. Never rejects. */
export type ToolOnion = (ctx: StageContext) => Promise<StageOutput>;
