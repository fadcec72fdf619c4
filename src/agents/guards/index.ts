export type { AgentGuard, GuardedText, GuardVerdict } from './agent-guard.js';
export { type GuardDenial, GuardWatch } from './guard-watch.js';
