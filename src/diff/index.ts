export { applyJsonPatch, diffJson, type JsonPatch, type JsonPatchOperation } from './json-patch.js';
export { isJson } from './json-value.js';
export {
  DiffKind,
  diffStructured,
  type StructuredChange,
  type StructuredDiff,
  type StructuredDiffOptions,
} from './structured-diff.js';
export { diffText, type TextDiff, type TextDiffOptions } from './text-diff.js';
