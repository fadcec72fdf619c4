import type { StageContext } from '../../stage/index.js';

/** What a guard is asked about. */
export interface GuardedText {
  /** `input`: what the agent is asked. `output`: its final answer. */
  readonly side: 'input' | 'output';
  readonly text: string;
  /** For input: what was said before, as the model will be shown it, oldest first. Whoever asks may have written all of it. */
  readonly earlier: readonly { readonly role: string; readonly text: string }[];
}

/** What a guard decides. Anything else denies. */
export type GuardVerdict = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/**
 * Looks at what an agent is asked, or at what it answers. One that throws, takes too long or gives anything but a verdict
 * denies. To guard the calls of tools, put an interceptor around them.
 */
export interface AgentGuard {
  /** Shown in events and errors. Default: the class name. */
  readonly name?: string;
  /** What it looks at. Default: input. */
  readonly side?: 'input' | 'output' | 'both';
  /**
   * The model is asked while it looks at the input, but no tool that changes anything is called, and nothing is answered,
   * before it has allowed it. Default: the model waits.
   */
  readonly beside?: boolean;
  /** It denies if it takes longer, in ms. Default 10,000. */
  readonly timeoutMs?: number;
  check(text: GuardedText, ctx: StageContext): GuardVerdict | Promise<GuardVerdict>;
}
