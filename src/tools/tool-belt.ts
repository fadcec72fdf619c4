import { DefinitionError, type Problem, StageflowError } from '../errors/index.js';
import type { OfferedTool, StageTools, ToolClass, ToolOutcome, ToolRequest, ToolValue } from '../stage/index.js';
import { inputJsonSchema, type ToolDefinition } from './define-tool.js';
import { readArguments, unknownTool } from './parse-calls.js';
import type { ToolCall } from './tool-call.js';
import { ToolCancelledError, ToolDeniedError, unresolvedError } from './tool-errors.js';
import type { ToolExecutor } from './tool-executor.js';
import type { ToolHost, ToolPort } from './tool-host.js';

/** The tools of one pipeline, by name and by what they were made of. */
export class ToolBelt implements ToolPort {
  readonly #byName = new Map<string, ToolDefinition>();
  readonly #byKey = new Map<object, ToolDefinition>();
  readonly #executor: ToolExecutor;
  #offered: readonly OfferedTool[] | null = null;

  /** @throws DefinitionError with TOOL_DUPLICATE */
  constructor(tools: readonly ToolDefinition[], executor: ToolExecutor) {
    const problems = duplicateTools(tools);
    if (problems.length > 0) throw new DefinitionError('The tools', problems);
    executor.introduce(tools);
    this.#executor = executor;
    for (const tool of tools) {
      this.#byName.set(tool.spec.name, tool);
      this.#byKey.set(tool.key, tool);
    }
  }

  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  get tools(): readonly ToolDefinition[] {
    return [...this.#byName.values()];
  }

  named(name: string): ToolDefinition | undefined {
    return this.#byName.get(name);
  }

  madeOf(key: object): ToolDefinition | undefined {
    return this.#byKey.get(key);
  }

  /** The same each time, so that a stage may ask before every turn of a model. */
  list(): readonly OfferedTool[] {
    this.#offered ??= [...this.#byName.values()].map((tool) => ({ ...tool.spec, inputSchema: inputJsonSchema(tool) }));
    return this.#offered;
  }

  open(host: ToolHost): StageTools {
    return new OpenTools(this, this.#executor, host);
  }
}

/** Two tools of one name: a model could not tell which it calls. */
export function duplicateTools(tools: readonly ToolDefinition[]): readonly Problem[] {
  const names = tools.map(({ spec }) => spec.name);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...repeated].map((name) => ({
    code: 'TOOL_DUPLICATE' as const,
    message: `Two tools are named "${name}".`,
    fix: 'Rename one of them.',
    details: { tool: name },
  }));
}

/** The tools in the hands of one stage. */
class OpenTools implements StageTools {
  readonly #belt: ToolBelt;
  readonly #executor: ToolExecutor;
  readonly #host: ToolHost;

  constructor(belt: ToolBelt, executor: ToolExecutor, host: ToolHost) {
    this.#belt = belt;
    this.#executor = executor;
    this.#host = host;
  }

  async call<I, O>(
    target: ToolClass<I, O> | ToolValue<I, O>,
    input: I,
    options: { readonly callId?: string } = {},
  ): Promise<O> {
    const tool = this.#belt.madeOf(target);
    if (tool === undefined) throw this.#notHere(target);
    const callId = options.callId ?? null;
    return (await this.#execute(this.#callOf(tool, callId, input))) as O; // kept by the contract of the output
  }

  async invoke({ id, name, arguments: given }: ToolRequest): Promise<ToolOutcome> {
    const tool = this.#belt.named(name);
    if (tool === undefined) return unresolved(id, name, 'TOOL_UNKNOWN', unknownTool(name, this.#belt.names));
    const input = readArguments(given);
    if (typeof input === 'string') return unresolved(id, name, 'TOOL_ARGUMENTS_INVALID', input);
    try {
      const call = this.#callOf(tool, id, input);
      const output = await this.#execute(call);
      const completed = { status: 'completed', id, output, error: null } as const;
      return call.edited ? { ...completed, editedInput: call.input } : completed;
    } catch (error) {
      const status =
        error instanceof ToolDeniedError ? 'denied' : error instanceof ToolCancelledError ? 'cancelled' : 'failed';
      return { status, id, output: null, error: error as Error };
    }
  }

  list(): readonly OfferedTool[] {
    return this.#belt.list();
  }

  #execute(call: ToolCall): Promise<unknown> {
    return this.#host.outlives(this.#executor.execute(call));
  }

  #callOf(tool: ToolDefinition, given: string | null, input: unknown): ToolCall {
    const host = this.#host;
    const callKey = keyOf(host, tool, given);
    const callId = given ?? callKey;
    return { tool, callId, callKey, named: given !== null, host, input, edited: false, entered: false, acted: false };
  }

  #notHere(target: unknown): StageflowError {
    const { pipeline, stage } = this.#host.ctx;
    const name = typeof target === 'function' ? target.name : 'a tool';
    return new StageflowError({
      code: 'TOOL_UNKNOWN',
      message: `Stage "${stage.name}" calls ${name}, which is no tool of pipeline "${pipeline}".`,
      fix: 'Add it to the tools of the module, or to withTools(…).',
      details: { pipeline, stage: stage.name, tool: name },
    });
  }
}

/**
 * Names a call in its run: another tool, or the same for another item or after a guard has sent the run back, is another call.
 * A given id and a number cannot be taken for each other, whatever the id.
 */
function keyOf(host: ToolHost, tool: ToolDefinition, given: string | null): string {
  const round = host.round === 1 ? '' : host.round;
  const which = given === null ? `#${host.nextCall()}` : `=${given}`;
  const part = host.item === null ? '' : `[${encodeURIComponent(host.item)}]`;
  return `${host.ctx.stage.name}${part}/${tool.spec.name}/${round}${which}`;
}

function unresolved(
  id: string,
  name: string,
  code: 'TOOL_UNKNOWN' | 'TOOL_ARGUMENTS_INVALID',
  message: string,
): ToolOutcome {
  return { status: 'unresolved', id, output: null, error: unresolvedError({ id, name }, code, message) };
}
