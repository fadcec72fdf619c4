// Tools and modules are made here without the decorators, which load it otherwise.
import 'reflect-metadata';
import { systemClock } from '../../clock/index.js';
import { DefinitionError, StageflowError } from '../../errors/index.js';
import { type ModuleLike, writeMetadata } from '../../metadata/index.js';
import type { ToolClass } from '../../stage/index.js';
import { McpConnection } from './mcp-connection.js';
import type { McpToolsOptions } from './mcp-tools-options.js';
import { isPinStore, type McpPinStore, type McpPins, type McpTrust, mcpFingerprint, pinsIn } from './mcp-trust.js';
import { readListed } from './mount-problems.js';
import { mountedClass } from './mounted-tool.js';
import { ToolWatch } from './tool-watch.js';

/** Tools of an MCP server, as ordinary tools: what `mcpTools` gives. */
export class McpTools {
  /** For `withTools` of a builder. */
  readonly tools: readonly ToolClass[];
  /** For `imports` of a module. The connection ends with the application. */
  readonly module: ModuleLike;
  readonly #connection: McpConnection;
  readonly #watch: ToolWatch;
  readonly #store: McpPinStore | null;

  /** Made by `mcpTools`. */
  constructor(tools: readonly ToolClass[], connection: McpConnection, watch: ToolWatch, store: McpPinStore | null) {
    this.tools = tools;
    this.#connection = connection;
    this.#watch = watch;
    this.#store = store;
    this.module = moduleOf(tools, connection);
  }

  /** Fingerprints of what the server lists now, approved or not: to be looked at, and written down as pins. */
  get listed(): McpPins {
    return this.#watch.listed;
  }

  /**
   * Approves what the server lists now, of these tools or of all that are mounted, and saves it. It counts from when the tools are mounted
   * again: those of a running application do not change.
   * @throws MCP_MOUNT_INVALID without a store to save it in, or for a tool that the server does not list
   */
  async approve(...tools: readonly string[]): Promise<void> {
    if (this.#store === null) throw nowhereToSave();
    await this.#watch.fresh();
    const { listed } = this;
    const unknown = tools.find((tool) => !Object.hasOwn(listed, tool));
    if (unknown !== undefined) throw notListed(unknown);
    const chosen = tools.length > 0 ? tools : this.#watch.mounted.filter((tool) => Object.hasOwn(listed, tool));
    const known = (await this.#store.load()) ?? {};
    await this.#store.save({ ...known, ...Object.fromEntries(chosen.map((tool) => [tool, listed[tool] as string])) });
  }

  /** Ends the connection; calls are refused from then on. A client that was given stays open. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Puts the tools of an MCP server beside your own: into `imports` of a module, or `withTools` of a builder. They take
 * the same way as every tool: access, approval, limits, events, undone by nothing. Each is irreversible unless `effects`
 * says otherwise, and is refused as soon as the server describes it otherwise than you have approved.
 * @throws MCP_CONNECTION_FAILED if the server cannot be reached
 * @throws DefinitionError with MCP_MOUNT_INVALID for everything that cannot be mounted
 */
export async function mcpTools(options: McpToolsOptions): Promise<McpTools> {
  const { prefix, trust, clock = systemClock, recheckMs = 60_000, onChange = () => {} } = options;
  requireOptions(options);
  const server = prefix;
  const connection = new McpConnection(server, options, () => watch.changed());
  const watch = new ToolWatch({ server, connection, clock, recheckMs, onChange });
  try {
    const tools = await connection.list();
    const { mounted, problems } = readListed(tools, server, options);
    if (problems.length > 0) throw new DefinitionError(`the tools of MCP server "${server}"`, problems);
    const listed = mounted.map((tool) => tool.listed);
    const offered = Object.fromEntries(listed.map((tool) => [tool.name, mcpFingerprint(tool)]));
    const pins = await approvedOf(trust, offered);
    watch.begin(tools, pins, Object.keys(offered));
    const classes = mounted.map((tool) => mountedClass(tool, { server, options, connection, watch }));
    return new McpTools(Object.freeze(classes), connection, watch, isPinStore(trust) ? trust : null);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** What is listed first is approved where nothing was before, and saved where somebody keeps it. */
async function approvedOf(trust: McpTrust, listed: McpPins): Promise<McpPins> {
  if (trust === 'first-use') return listed;
  if (!isPinStore(trust)) return pinsIn(trust);
  const known = await trust.load();
  if (known !== null) return pinsIn(known);
  await trust.save(listed);
  return listed;
}

function moduleOf(tools: readonly ToolClass[], connection: McpConnection): ModuleLike {
  const moduleClass = class McpToolsModule {};
  writeMetadata('module', moduleClass, {
    name: moduleClass.name,
    stages: [],
    tools,
    interceptors: [],
    imports: [],
    // Built by the application, and so disposed by it.
    providers: [{ provide: Symbol('MCP connection'), useFactory: () => new ConnectionEnd(connection) }],
    exports: [],
    maxConcurrency: null,
    failurePolicy: null,
  });
  return moduleClass;
}

class ConnectionEnd {
  readonly #connection: McpConnection;

  constructor(connection: McpConnection) {
    this.#connection = connection;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#connection.close();
  }
}

/** From untyped code, too. @throws MCP_MOUNT_INVALID */
function requireOptions({ prefix, trust, transport, client }: McpToolsOptions): void {
  const refuse = (message: string, fix: string): never => {
    throw new StageflowError({ code: 'MCP_MOUNT_INVALID', message, fix, details: { prefix } });
  };
  if (typeof prefix !== 'string') refuse('The tools of an MCP server have no prefix.', "Give one, or '' for none.");
  if ((typeof transport === 'function') === (client !== undefined))
    refuse('The tools of an MCP server are to come from nowhere, or from two places.', 'Give transport or client.');
  if (trust !== 'first-use' && (typeof trust !== 'object' || trust === null))
    refuse('Nobody has said which tools of an MCP server to trust.', "Give pins, a store of pins, or 'first-use'.");
}

function nowhereToSave(): StageflowError {
  return new StageflowError({
    code: 'MCP_MOUNT_INVALID',
    message: 'Tools of an MCP server are to be approved, but the approval would be kept nowhere.',
    fix: 'Give a store as trust, such as filePins(path); or write down what listed gives, as pins.',
    details: {},
  });
}

function notListed(tool: string): StageflowError {
  return new StageflowError({
    code: 'MCP_MOUNT_INVALID',
    message: `Tool "${tool}" is to be approved, and its MCP server does not list it.`,
    fix: 'Use the names that the server gives its tools: listed has them.',
    details: { tool },
  });
}
