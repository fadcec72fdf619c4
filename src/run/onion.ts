/* Puts together what stands around one stage: contracts, interceptors, limit, artifacts. Once per graph. */
import {
  type Core,
  compose,
  composeOutermost,
  InlineChain,
  type OutermostCall,
  outermostOf,
  type StageCall,
  sortByPriority,
  TimeoutInterceptor,
} from '../interceptors/index.js';
import { type AnyInterceptor, isInline, StageOutput, type StageSpec } from '../stage/index.js';
import type { BoundStage } from './bound-pipeline.js';
import { cancelledError } from './context-errors.js';
import { callBody, isSameExecution } from './execution-context.js';
import { Expectations } from './expectations.js';
import { keepLarge } from './large-output.js';
import { observerFailed, seal } from './layer-reports.js';
import { OutputContract } from './output-contract.js';

/** What is around a stage: an onion, or what needs no wait, or nothing; and a limit around that. */
export interface Surroundings {
  readonly onion: OutermostCall | null;
  readonly inline: InlineChain | null;
  /** In ms; 0 for none. */
  readonly outerLimitMs: number;
}

const HOST = { contained: observerFailed, sealed: seal };

/** @param isPlain nothing but being done follows from how the stage ends, so that it may be called directly */
export function surround(stage: BoundStage, spec: StageSpec, thresholdBytes: number, isPlain: boolean): Surroundings {
  const { interceptors, contracts } = stage;
  const limitMs = spec.timeoutMs ?? 0;
  const waits = !isPlain || contracts !== null || thresholdBytes < Number.POSITIVE_INFINITY;
  if (waits || !interceptors.every((layer) => isInline(layer) || isLimit(layer))) {
    return { ...limitedOnion(stage, spec, limitMs, thresholdBytes), inline: null };
  }
  const inline = interceptors.filter(isInline);
  const limits = interceptors.filter(isLimit).map((layer) => layer.limitMs);
  const positive = [limitMs, ...limits].filter((limit) => limit > 0);
  return {
    onion: null,
    inline: inline.length === 0 ? null : new InlineChain(inline, HOST, { what: 'stage', name: spec.name }),
    outerLimitMs: positive.length === 0 ? 0 : Math.min(...positive),
  };
}

/** A limit with nothing around it is that of the stage itself, which costs a fifteenth of one that is a layer. */
function limitedOnion(stage: BoundStage, spec: StageSpec, limitMs: number, thresholdBytes: number) {
  const limit = TimeoutInterceptor.with({ limitMs });
  const layers = sortByPriority(limitMs > 0 ? [...stage.interceptors, limit] : stage.interceptors);
  const [outermost] = layers;
  const waitsOutside = stage.contracts !== null || thresholdBytes < Number.POSITIVE_INFINITY;
  if (waitsOutside || !isLimit(outermost)) {
    return { onion: onionOf(stage, layers, spec, thresholdBytes), outerLimitMs: 0 };
  }
  return { onion: onionOf(stage, layers.slice(1), spec, thresholdBytes), outerLimitMs: outermost.limitMs };
}

/** One that does what ours does: a class of its own may do more. */
function isLimit(layer: AnyInterceptor | undefined): layer is TimeoutInterceptor {
  return layer instanceof TimeoutInterceptor && layer.intercept === TimeoutInterceptor.prototype.intercept;
}

function onionOf(
  stage: BoundStage,
  layers: readonly AnyInterceptor[],
  spec: StageSpec,
  thresholdBytes: number,
): OutermostCall {
  const { contracts } = stage;
  const output =
    contracts === null || contracts.output === null ? null : new OutputContract(contracts.output, spec.name);
  const core: Core = { body: keeping(callBody, output), belongs: isSameExecution, ...HOST };
  const place = { what: 'stage', name: spec.name } as const;
  const outside = output !== null || thresholdBytes < Number.POSITIVE_INFINITY || contracts !== null;
  if (!outside) return composeOutermost(layers, core, place);
  const onion = storing(keeping(compose(layers, core, place), output), thresholdBytes);
  return outermostOf(contracts === null ? onion : expecting(new Expectations(contracts, spec.name), onion));
}

/** Inside the onion for what the stage returns, and around it for what interceptors make of that. */
function keeping(call: StageCall, contract: OutputContract | null): StageCall {
  return contract === null ? call : (ctx) => call(ctx).then((output) => contract.keep(output));
}

function storing(call: StageCall, thresholdBytes: number): StageCall {
  if (thresholdBytes === Number.POSITIVE_INFINITY) return call;
  return (ctx) => call(ctx).then((output) => keepLarge(ctx, output, thresholdBytes));
}

function expecting(expectations: Expectations, call: StageCall): StageCall {
  if (!expectations.any) return call;
  return async (ctx) => {
    const refusal = await expectations.refuse(ctx);
    if (refusal !== null) return refusal;
    return ctx.cancelled ? StageOutput.fail(cancelledError(ctx.stage.name, ctx.signal.reason)) : call(ctx);
  };
}
