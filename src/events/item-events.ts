import type { EventBase, EventError } from './event-base.js';

/** What every event of an item of a fan-out says. Once per item: `started`, and then one of the others. */
export interface ItemEventBase extends EventBase {
  readonly stage: string;
  /** The key of the item, without secrets. */
  readonly key: string;
  /** Its position in the source, from 0. */
  readonly index: number;
}
export interface ItemStarted extends ItemEventBase {
  readonly type: 'stage.item.started';
}
export interface ItemCompleted extends ItemEventBase {
  readonly type: 'stage.item.completed';
  readonly durationMs: number;
  readonly attempts: number;
}
export interface ItemFailed extends ItemEventBase {
  readonly type: 'stage.item.failed';
  readonly durationMs: number;
  readonly attempts: number;
  readonly error: EventError;
}
/** The work on it has said that there is nothing to hand on. */
export interface ItemSkipped extends ItemEventBase {
  readonly type: 'stage.item.skipped';
  readonly reason: string;
}
/** It was cancelled, alone or with its stage. Without `started` before it if its turn had not come. */
export interface ItemCancelled extends ItemEventBase {
  readonly type: 'stage.item.cancelled';
  readonly durationMs: number;
  readonly reason: string;
}
/** What is reported of the items of a fan-out. */
export type ItemEvent = ItemStarted | ItemCompleted | ItemFailed | ItemSkipped | ItemCancelled;

/** An iteration of a loop has handed something on. */
export interface IterationCompleted extends EventBase {
  readonly type: 'stage.iteration.completed';
  readonly stage: string;
  /** 1 for the first. */
  readonly iteration: number;
  readonly durationMs: number;
  /** Why the loop has ended with it, one of `LoopReason`; null if it goes on. */
  readonly reason: string | null;
}
