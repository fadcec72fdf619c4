export { ModelError, type ModelErrorInit } from './model-error.js';
export {
  FinishReason,
  type ModelCall,
  type ModelMessage,
  type ModelPart,
  type ModelRequest,
  type ModelTool,
  type ModelUsage,
} from './model-message.js';
export { ModelProvider } from './model-provider.js';
export { type WholeTurn, type WholeTurns, wholeTurns } from './whole-turns.js';
