export type { EditValidator } from './approval-desk.js';
export {
  type ApprovalDecision,
  type ApprovalRequest,
  ApprovalStatus,
  type FinalApprovalStatus,
} from './approval-request.js';
export { ApprovalService, type ApprovalServiceOptions } from './approval-service.js';
export type { ApprovalStore, PendingQuery } from './approval-store.js';
export { type ApproverAnswer, type ApproverOptions, type ApproverPolicy, approvers } from './approver-policy.js';
export type { Decider, Principal } from './decider.js';
export type { DecisionTokenOptions, TokenAction, TokenKey } from './decision-tokens.js';
export { MemoryApprovalStore } from './memory-approval-store.js';
export type { PendingOptions, PendingPage } from './pending-page.js';
export { summariseApproval } from './shown-input.js';
export { SqlApprovalStore } from './sql-approval-store.js';
export type { IssueOptions, TokenDeskOptions } from './token-desk.js';
