export { type BagView, ContextBag } from './context-bag.js';
export { ContextSnapshot, type ContextSnapshotInit } from './context-snapshot.js';
export { createRunIdentity, type RunIdentity, type RunIdentityInit } from './run-identity.js';
