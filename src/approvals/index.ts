export * from './approval/index.js';
export * from './undo/index.js';
