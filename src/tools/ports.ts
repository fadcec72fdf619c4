/*
 * What the executor needs of others: who approves, who keeps what can be undone, who remembers calls. Each is optional,
 * and without an approval gate whatever needs approval is denied.
 */
import type { AuthContext, OrgContext } from '../auth/index.js';
import type { ToolContext, ToolEffect } from '../stage/index.js';
import type { ApprovalReport } from './tool-report.js';

/** A call that waits for approval, with everything that the approval is bound to. */
export interface GatedCall {
  readonly runId: string;
  readonly callId: string;
  /** The same across attempts of the stage and across a resume of the run. */
  readonly callKey: string;
  readonly pipeline: string;
  readonly stage: string;
  readonly tool: { readonly name: string; readonly effect: ToolEffect; readonly description: string };
  readonly toolFingerprint: string;
  /** Keeps the contract of the tool. */
  readonly input: unknown;
  readonly inputDigest: string;
  /** True if a call log is sure that no process has ever started this call. */
  readonly neverStarted?: boolean;
  readonly auth: AuthContext;
  readonly org: OrgContext;
  /** Whether the run is written down, so that it goes on, and asks again, after an application that closes over it. */
  readonly resumable?: boolean;
  /** Tells the run how the approval goes; absent if nobody hears it. */
  readonly emit?: (event: ApprovalReport) => void;
}

export type ApprovalOutcome =
  | { readonly status: 'approved'; readonly requestId: string; readonly decidedBy: string; readonly input?: unknown }
  | { readonly status: 'denied'; readonly requestId: string; readonly reason: string; readonly decidedBy: string }
  | { readonly status: 'expired' | 'cancelled'; readonly requestId: string; readonly reason: string };

/** Asks somebody whether a call may go on. Anything but `approved` denies it, a rejection included. */
export interface ApprovalGate {
  /** @param signal aborts when the run is cancelled: close the request, and answer `cancelled`. */
  request(call: GatedCall, signal: AbortSignal): Promise<ApprovalOutcome>;
}

/** What undo is given of a call. */
export interface UndoRecord {
  readonly runId: string;
  readonly callId: string;
  readonly tool: string;
  readonly input: unknown;
  /** What the handler kept with `recordUndo`; undefined if it kept nothing. */
  readonly data: unknown;
  /** Undefined if the call did not complete. */
  readonly output: unknown;
}

/** What undoes a call. */
export type UndoHandler = (record: UndoRecord, ctx: ToolContext) => unknown;

/** A tool whose calls can be undone. */
export interface UndoableTool {
  readonly name: string;
  /** The class or object it was made of: two of one name may be the same. */
  readonly key: object;
  readonly undo: UndoHandler;
}

/** Keeps what can be undone, also of calls that failed after they had done something. */
export interface UndoLog {
  /** Told of the tools of a pipeline before it runs, also after a restart. @throws if it could not tell them apart */
  learn?(tools: readonly UndoableTool[]): void;
  /**
   * Before the handler is called, for logs that want to know of calls that die with their process. One that rejects keeps
   * the handler from being called. @returns what the call is known by from then on
   */
  opened?(call: OpenedCall, caller: UndoCaller): Promise<string>;
  /** The handler has done something. */
  record(record: UndoRecord, caller: UndoCaller, openedAs?: string): void | Promise<void>;
  /** The handler has failed, and kept nothing. */
  dropped?(openedAs: string): Promise<void>;
}

export type OpenedCall = Omit<UndoRecord, 'data' | 'output'>;
export type UndoCaller = { readonly auth: AuthContext; readonly org: OrgContext };

/** Which call it is. All three together: calls of two runs are never the same call, however alike they are. */
export interface ToolCallIdentity {
  /** That of the run's verified caller: two tenants may choose the same run id. */
  readonly tenant: string | null;
  readonly runId: string;
  /** Unique in the run. Names stage and tool. */
  readonly callKey: string;
}

/** Remembers the calls of all runs, so that a run that is resumed under its id does not repeat them. */
export interface ToolCallLog {
  /** What is known of the call: `in-flight` means that it was started and never heard of again. */
  find(call: ToolCallIdentity): Promise<RecordedCall | null>;
  /**
   * Whether the call was ever started, failed ones included. With it, an approval still counts that a process took and died
   * before it started the call; without it, somebody is asked again.
   */
  wasStarted?(call: ToolCallIdentity): Promise<boolean>;
  started(call: ToolCallIdentity & { readonly tool: string; readonly inputDigest: string }): Promise<void>;
  finished(call: ToolCallIdentity, result: { readonly ok: boolean; readonly output?: unknown }): Promise<void>;
}

export type RecordedCall =
  | { readonly status: 'completed'; readonly inputDigest: string; readonly output: unknown }
  | { readonly status: 'in-flight'; readonly inputDigest: string };

/** What an application gives the executor. */
export interface ToolServices {
  /**
   * How many calls may run at once in all, whatever their tools and runs. Those that wait for an approval or a key do not
   * count. Default: no limit.
   */
  readonly maxConcurrency?: number;
  readonly approvals?: ApprovalGate;
  readonly undo?: UndoLog;
  readonly calls?: ToolCallLog;
}
