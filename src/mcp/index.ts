export type { McpHttpHandler, McpHttpOptions } from './server/http-options.js';
export { McpExposure } from './server/mcp-exposure.js';
export { mcpServer } from './server/mcp-server.js';
export type { McpCaller, McpPipeline, McpServerOptions } from './server/mcp-server-options.js';
