import type { AccessRule } from '../auth/index.js';
import {
  type Contract,
  type ContractInput,
  type ContractSource,
  type ContractValue,
  contractOf,
  type JsonSchema,
} from '../contracts/index.js';
import { DefinitionError } from '../errors/index.js';
import type { InterceptorLike, ToolContext, ToolEffect, ToolSpec, ToolValue } from '../stage/index.js';
import type { UndoHandler } from './ports.js';
import type { ToolRefusal } from './tool-errors.js';
import type { ToolOnion } from './tool-onion.js';
import { toolProblems } from './tool-problems.js';

export interface ToolOptions<I extends ContractSource = ContractSource, O extends ContractSource = ContractSource> {
  /** What models call it by: 1 to 64 of a-z, A-Z, 0-9, _ and -. */
  readonly name: string;
  /** What it does and when to use it, for a model that reads nothing else. */
  readonly description: string;
  /** A DTO class or any Standard Schema. */
  readonly input: I;
  /** What the handler must give. Default: anything. */
  readonly output?: O;
  readonly effect: ToolEffect;
  /** The execution modes it may be used in. Default: all. */
  readonly behaviors?: readonly string[];
  /** Default `by-effect`: irreversible calls need one. */
  readonly approval?: 'required' | 'never' | 'by-effect';
  /** Limit of one call in ms. Default: none. */
  readonly timeoutMs?: number;
  /** How many calls may run at once, in all runs together. Default: no limit. */
  readonly concurrency?: number;
  /** Calls with the same key run one after the other: `file:{path}`, filled from the input, or a function of it. */
  readonly exclusive?: string | ((input: ContractValue<I>) => string);
}

export type FunctionToolOptions<I extends ContractSource, O extends ContractSource> = ToolOptions<I, O> & {
  readonly execute: (
    input: ContractValue<I>,
    ctx: ToolContext,
  ) => [O] extends [never] ? unknown : ContractInput<O> | Promise<ContractInput<O>>;
  /** Who may call it. Default: whoever runs the stage. */
  readonly access?: readonly AccessRule[];
  /** Around every call of it. */
  readonly interceptors?: readonly InterceptorLike[];
} & (
    | { readonly effect: 'reversible'; readonly undo: UndoHandler }
    | { readonly effect: Exclude<ToolEffect, 'reversible'> }
  );

/** A checked tool, ready to be called by an executor. Frozen. */
export interface ToolDefinition {
  readonly spec: ToolSpec;
  readonly input: Contract;
  readonly output: Contract | null;
  readonly concurrency: number;
  // Called with input that keeps the contract.
  readonly exclusive: string | ((input: any) => string) | null;
  readonly access: readonly AccessRule[];
  /** What `ctx.tools.call` finds it by. */
  readonly key: object;
  readonly execute: (input: any, ctx: ToolContext) => unknown; // checked by its contract before it is called
  readonly undo: UndoHandler | null;
  /** Why it cannot be called at the moment; absent where it always can. */
  readonly refuses?: () => ToolRefusal | null;
  /** Interceptors of its own. */
  readonly interceptors: readonly InterceptorLike[];
  /** Everything around its calls; null for nothing. */
  readonly onion: ToolOnion | null;
}

/** A tool that `defineTool` made. */
// any: a list of tools holds all kinds of them.
export class FunctionTool<in out I = any, in out O = any> implements ToolValue<I, O> {
  declare readonly '~tool': { readonly input: I; readonly output: O };
  readonly definition: ToolDefinition;

  constructor(options: FunctionToolOptions<any, any>) {
    const {
      execute,
      undo,
      access = [],
      interceptors = [],
    } = options as FunctionToolOptions<any, any> & {
      readonly undo?: UndoHandler;
    };
    this.definition = toolDefinition(options, { key: this, execute, undo: undo ?? null, access, interceptors });
  }
}

/**
 * Makes a tool of a function, for pipelines without a container and for tools that need no services.
 * @throws DefinitionError with TOOL_INVALID, with everything that is wrong
 */
export function defineTool<I extends ContractSource, O extends ContractSource = never>(
  options: FunctionToolOptions<I, O>,
): FunctionTool<ContractInput<I>, [O] extends [never] ? unknown : ContractValue<O>> {
  return new FunctionTool(options as unknown as FunctionToolOptions<any, any>);
}

type Behaviour = Pick<ToolDefinition, 'key' | 'execute' | 'undo' | 'access' | 'interceptors' | 'refuses'>;

/** @throws DefinitionError with TOOL_INVALID */
export function toolDefinition(options: ToolOptions, behaviour: Behaviour): ToolDefinition {
  const problems = toolProblems(options, behaviour);
  if (problems.length > 0) throw new DefinitionError(`tool "${String(options?.name)}"`, problems);
  const { name, description, effect, behaviors = [], approval = 'by-effect', timeoutMs = null } = options;
  return Object.freeze({
    ...behaviour,
    spec: Object.freeze({ name, description, effect, behaviors: Object.freeze([...behaviors]), approval, timeoutMs }),
    input: contractOf(options.input),
    output: options.output === undefined ? null : contractOf(options.output),
    concurrency: options.concurrency ?? Number.POSITIVE_INFINITY,
    exclusive: options.exclusive ?? null,
    onion: null,
  });
}

/** The input of a tool as JSON Schema, draft 2020-12, as models want it. */
export function inputJsonSchema({ input }: Pick<ToolDefinition, 'input'>): JsonSchema {
  return input.toJsonSchema('input');
}
