export { BagKey, type BagView, bagKey, ContextBag, type IsUpstream } from './context-bag.js';
export { ContextSnapshot, type ContextSnapshotInit, withIdentity } from './context-snapshot.js';
export { type Conversation, type Message, MessageRole, type RoutingDecision } from './conversation.js';
export type { Enrichments, Memory, Profile, SnapshotDocument, WebResult } from './enrichments.js';
export {
  type ExtensionCodec,
  type ExtensionEntry,
  type ExtensionOptions,
  ExtensionToken,
  extensionToken,
} from './extension-token.js';
export { createRunIdentity, type RunIdentity, type RunIdentityInit } from './run-identity.js';
export { SnapshotExtensions } from './snapshot-extensions.js';
export type { SnapshotFieldsInit } from './snapshot-fields.js';
export type { SnapshotJson } from './snapshot-json.js';
