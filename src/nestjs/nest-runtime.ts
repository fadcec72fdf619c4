/*
 * What all pipelines of one Nest application share.
 *
 * Owns: the engine, and who calls while a handler runs. Does not own: instances, which are Nest's.
 *
 * Invariants
 *  1. The caller is known only inside of handlers: elsewhere runs are for whom they are given.
 *  2. The first pipeline that Nest destroys closes the engine, and all of them wait for that: nothing that stages use is
 *     destroyed while one runs.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { findPipeline, type ModuleNode } from '../container/index.js';
import type { BoundPipeline, PipelineRun, RunHost, RunInput, RunOptions, RunResults } from '../run/index.js';
import type { AnyInterceptor } from '../stage/index.js';
import { ToolExecutor } from '../tools/index.js';
import { type Call, withCaller } from './caller.js';
import { CountedEngine } from './counted-engine.js';
import { pipelineNamed } from './pipeline-named.js';
import type { StageflowModuleOptions } from './stageflow-options.js';

/** Nest ends what is left of the streams it answers with in the same turn; what was written needs one to get out. */
const FLUSH_MS = 10;

export class NestRuntime {
  readonly options: StageflowModuleOptions;
  /** The interceptors of `forRoot`, classes among them built by Nest. */
  readonly interceptors: readonly AnyInterceptor[];
  /** Calls the tools of all pipelines, which share limits and locks. */
  readonly tools: ToolExecutor;
  /** Those that Nest has built, by the module that has the stages. */
  readonly pipelines = new Map<ModuleNode, BoundPipeline>();
  readonly #calls = new AsyncLocalStorage<Call>();
  readonly #engine: CountedEngine;
  #closing: Promise<void> | null = null;
  #closed = false;

  constructor(options: StageflowModuleOptions, interceptors: readonly AnyInterceptor[]) {
    const trustedCallers = options.trustedCallers ?? (options.auth !== undefined && options.verifier === undefined);
    this.#engine = new CountedEngine({ ...options, trustedCallers }, (module) => findPipeline(this, module));
    this.options = options;
    this.interceptors = interceptors;
    this.tools = new ToolExecutor(options.toolServices);
  }

  /** What goes on around the code that asks; undefined outside of handlers. */
  get call(): Call | undefined {
    return this.#calls.getStore();
  }

  get status(): 'running' | 'closing' | 'closed' {
    if (this.#closing === null) return 'running';
    return this.#closed ? 'closed' : 'closing';
  }

  within<T>(call: Call, work: () => T): T {
    return this.#calls.run(call, work);
  }

  /** Whether access rules mean something here: there is a way to learn who calls. */
  get callersKnown(): boolean {
    return this.#engine.callersKnown;
  }

  /** How many runs go on. */
  get running(): number {
    return this.#engine.running;
  }

  /** For what goes on with recorded runs, of any pipeline of the application. */
  get runs(): RunHost {
    return { engine: this.#engine, find: (name) => pipelineNamed(name, this.pipelines.values()) };
  }

  run(pipeline: BoundPipeline, input: RunInput, options: RunOptions): Promise<RunResults> {
    return this.#engine.run(pipeline, withCaller(input, this.call), options);
  }

  start(pipeline: BoundPipeline, input: RunInput, options: RunOptions): PipelineRun {
    return this.#engine.start(pipeline, withCaller(input, this.call), options);
  }

  /** Refuses new runs, gives the running ones the grace period, cancels what is left, and waits for it. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#engine.close();
    await new Promise((resolve) => setTimeout(resolve, FLUSH_MS));
    this.#closed = true;
  }
}
