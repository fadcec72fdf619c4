import type { ApprovalEvent, EventBase, ToolEvent } from '../events/index.js';

type OwnFields<E extends ToolEvent | ApprovalEvent> = E extends unknown ? Omit<E, keyof EventBase | 'stage'> : never;

/** What is said of a tool call, without what every event of the run says. */
export type ToolReport = OwnFields<ToolEvent | ApprovalEvent>;
/** What is said of the approval of one. */
export type ApprovalReport = OwnFields<ApprovalEvent>;
