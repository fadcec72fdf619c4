export { MemoryUndoStore } from './memory-undo-store.js';
export { SqlUndoStore } from './sql-undo-store.js';
export { type UndoClaim, type UndoEntry, UndoState } from './undo-entry.js';
export { type UndoerOptions, type UndoPolicy, undoers } from './undo-policy.js';
export type { UndoReport } from './undo-report.js';
export { type UndoOptions, UndoService, type UndoServiceOptions } from './undo-service.js';
export type { ExpectedEntry, UndoStore } from './undo-store.js';
