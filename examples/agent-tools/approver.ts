import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import type { AuthContext } from 'stageflow';
import { OWNER, RULE } from './identities.js';

export interface Decision {
  readonly approved: boolean;
  /** The agent is told. */
  readonly reason: string;
  /** Who decided. */
  readonly auth: AuthContext;
}

/** Decides on a call, which it is shown as text. */
export type Approver = (call: string, signal: AbortSignal) => Promise<Decision>;

/** What the command line says of approvals; `ask` if it says nothing. */
export type ApprovalRule = 'approve' | 'deny' | 'ask';

/** Asks the person at the terminal. Where there is none, nobody is taken to have agreed. */
export function approverFor(rule: ApprovalRule, input: Readable & { isTTY?: boolean }, output: Writable): Approver {
  if (rule === 'approve') return byRule({ approved: true, reason: 'the command line says --approve' });
  if (rule === 'deny') return byRule({ approved: false, reason: 'the command line says --deny' });
  if (input.isTTY !== true) return byRule({ approved: false, reason: 'nobody is there to approve it' });
  return async (_call, signal) => {
    const approved = await isYes('  Approve? [y/N] ', input, output, signal);
    return { approved, reason: approved ? 'yes' : 'the owner of the notes says no', auth: OWNER };
  };
}

function byRule(decision: Omit<Decision, 'auth'>): Approver {
  return async () => ({ ...decision, auth: RULE });
}

/** Whatever is not clearly a yes is a no: another word, the end of the input, an abort. */
async function isYes(question: string, input: Readable, output: Writable, signal: AbortSignal): Promise<boolean> {
  // Without `terminal`, Ctrl-C reaches the process, which then cancels the run.
  const lines = createInterface({ input, output, terminal: false });
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([lines.question(question, { signal }), ended]);
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}
