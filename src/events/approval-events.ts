import type { ToolEventBase } from './tool-events.js';

/** A call waits until somebody has decided on it. Its arguments are not told here. */
export interface ApprovalRequested extends ToolEventBase {
  readonly type: 'approval.requested';
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Whether it had been asked for before, by this run before it was interrupted. */
  readonly restored: boolean;
}

/** A call that waited has its answer. */
export interface ApprovalDecided extends ToolEventBase {
  readonly type: 'approval.decided';
  readonly requestId: string;
  readonly status: 'approved' | 'denied' | 'expired' | 'cancelled';
  /** The user or service account that decided; null if nobody did. */
  readonly decidedBy: string | null;
  /** How they were known: by their identity, or by a decision token. */
  readonly via: 'identity' | 'token' | 'system';
  readonly edited: boolean;
  readonly reason: string | null;
}

export type ApprovalEvent = ApprovalRequested | ApprovalDecided;
