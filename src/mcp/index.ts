export { McpTools, mcpTools } from './client/mcp-tools.js';
export type { McpServerPlace, McpToolChange, McpToolsOptions } from './client/mcp-tools-options.js';
export { filePins, type McpPinStore, type McpPins, type McpTrust, mcpFingerprint } from './client/mcp-trust.js';
export type { McpHttpHandler, McpHttpOptions } from './server/http-options.js';
export { McpExposure } from './server/mcp-exposure.js';
export { mcpServer } from './server/mcp-server.js';
export type { McpCaller, McpPipeline, McpServerOptions } from './server/mcp-server-options.js';
