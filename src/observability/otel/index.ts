export { type ModelTurnFacts, type SpanConventions, type SpanShape, stageflowConventions } from './conventions.js';
export { GEN_AI_CONVENTIONS_VERSION, genAiConventions } from './gen-ai.js';
export { MODEL_USAGE } from './metric-sink.js';
export { type OpenTelemetryOptions, type OpenTelemetryPlugin, openTelemetry } from './open-telemetry.js';
export { traceHeaders } from './trace-headers.js';
