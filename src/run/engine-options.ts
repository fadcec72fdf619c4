import type { ArtifactStore } from '../artifacts/index.js';
import type { Clock } from '../clock/index.js';
import type { ErrorClassifier } from '../errors/index.js';
import type { EventSink, StageflowLogger } from '../events/index.js';
import type { MaskingRules } from '../masking/index.js';
import type { ToolServices } from '../tools/index.js';
import type { CallerOptions } from './caller-options.js';
import type { RunJournal } from './run-recorder.js';

export interface EngineOptions extends CallerOptions {
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Receive the events of every run. */
  readonly sinks?: readonly EventSink[];
  /** Default: logs nothing. */
  readonly logger?: StageflowLogger;
  /** Says what kind of failure an error is, to retries, breakers, fallbacks, events and results. Default `classifyError`. */
  readonly classifier?: ErrorClassifier;
  /** How long stages get to stop once their run has been decided or their limit has passed, in ms. Default 5,000. */
  readonly graceMs?: number;
  /** What all cleanups of one run may take together, in ms. Default 5,000. */
  readonly cleanupMs?: number;
  /** What undoing the work of one run may take in all, in ms; see `@Compensate`. Default 10,000. */
  readonly compensationMs?: number;
  /**
   * What counts as secret in events, log lines and error messages. Default `MaskingRules.standard`: well-known names and
   * `@Sensitive()` fields. `false` masks nothing.
   */
  readonly masking?: MaskingRules | false;
  /** Where `ctx.artifacts` and large outputs go. Default: nowhere. */
  readonly artifacts?: ArtifactsOptions;
  /** The execution mode of runs that name none: what `behaviors` of tools are compared with. Default: none. */
  readonly toolMode?: string;
  /**
   * How many runs may be above one that a stage has started. Default 8: pipelines that go on starting themselves are stopped
   * while there are few of them, and what people nest is half as deep at most.
   */
  readonly maxDepth?: number;
  /** Whether `tool.invoked` tells the arguments, without their secrets. Default false. */
  readonly toolArguments?: boolean;
  /** Writes runs down, so that they can be looked at, replayed and resumed. Default: nothing is written. */
  readonly journal?: RunJournal;
  /** Approvals, undo and memory of tool calls, and how many may run at once. Without approvals what needs one is denied. */
  readonly toolServices?: ToolServices;
}

export interface ArtifactsOptions {
  readonly store: ArtifactStore;
  /** Outputs of more bytes are kept in the store as well, before their stage is done. Default 1 MiB; Infinity for none. */
  readonly thresholdBytes?: number;
}
