import type { AuthContext, OrgContext } from '../../auth/index.js';
import type { ContractSource } from '../../contracts/index.js';
import type { ModuleLike } from '../../metadata/index.js';
import type { RunnablePipeline } from '../../pipeline/index.js';
import type { StageClass, ToolClass, ToolEffect, ToolValue } from '../../stage/index.js';

export interface McpServerOptions {
  /** What the server calls itself. */
  readonly name: string;
  readonly version: string;
  /** How its tools are best used, for the model of the client. */
  readonly instructions?: string;
  /** The module whose tools are offered, those of the modules that it imports among them. It need not be a pipeline. */
  readonly module?: ModuleLike;
  /** Only these, by class, by what `defineTool` gave, or by name. Default: all of `module`; without a module, none. */
  readonly tools?: 'all' | readonly (ToolClass | ToolValue | string)[];
  /** Pipelines that are offered as tools. */
  readonly pipelines?: readonly McpPipeline[];
  /** The execution mode of the calls. Default: that of the application. */
  readonly toolMode?: string;
  /** Limit of one call in ms, the wait for an approval included. Default: none. */
  readonly timeoutMs?: number;
  /**
   * What a client is told of a failure, in your words. Default and where it gives undefined: what kind of failure it is and
   * the id of the run; what is wrong with the arguments; what an approver said.
   */
  readonly explain?: (error: Error) => string | undefined;
}

/** A pipeline as a tool. */
export interface McpPipeline {
  /** A pipeline of the application, or the one that was given in its place. */
  readonly pipeline: ModuleLike | RunnablePipeline;
  /** 1 to 64 of a-z, A-Z, 0-9, _ and -. */
  readonly name: string;
  /** What it does and when to use it, for a model that reads nothing else. */
  readonly description: string;
  /** What it does to the world, as a hint for clients. Default: nothing is said. */
  readonly effect?: ToolEffect;
  /** The arguments, which become the `input` of the run. Default: the contract of its stages, or else `text`, its `inputText`. */
  readonly input?: ContractSource;
  /** The stage whose output is the answer. Default: those that no other stage depends on. */
  readonly output?: StageClass | string;
}

/** On whose behalf calls are made: a token for the verifier of the application, or a caller that you vouch for. */
export interface McpCaller {
  readonly token?: string;
  readonly auth?: AuthContext;
  readonly org?: OrgContext;
}
