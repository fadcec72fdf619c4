/* Puts together what stands around one stage: contracts, interceptors, limit, artifacts. Once per graph. */
import {
  type Core,
  compose,
  InlineChain,
  type StageCall,
  sortByPriority,
  TimeoutInterceptor,
} from '../interceptors/index.js';
import { isInline, StageOutput, type StageSpec } from '../stage/index.js';
import type { BoundStage } from './bound-pipeline.js';
import { cancelledError } from './context-errors.js';
import { callBody, isSameExecution } from './execution-context.js';
import { Expectations } from './expectations.js';
import { keepLarge } from './large-output.js';
import { observerFailed, seal } from './layer-reports.js';
import { OutputContract } from './output-contract.js';

/** What is around a stage: an onion, or what needs no wait and at most a limit, or nothing. */
export interface Surroundings {
  readonly onion: StageCall | null;
  readonly inline: InlineChain | null;
  /** Of a direct call, in ms; 0 for none. */
  readonly directLimitMs: number;
}

const HOST = { contained: observerFailed, sealed: seal };

/** @param isPlain nothing but being done follows from how the stage ends, so that it may be called directly */
export function surround(stage: BoundStage, spec: StageSpec, thresholdBytes: number, isPlain: boolean): Surroundings {
  const { interceptors, contracts } = stage;
  const limitMs = spec.timeoutMs ?? 0;
  const waits = !isPlain || contracts !== null || thresholdBytes < Number.POSITIVE_INFINITY;
  if (waits || !interceptors.every((layer) => isInline(layer) || layer instanceof TimeoutInterceptor)) {
    return { onion: onionOf(stage, spec, limitMs, thresholdBytes), inline: null, directLimitMs: 0 };
  }
  const inline = interceptors.filter(isInline);
  const limits = interceptors.filter((layer) => layer instanceof TimeoutInterceptor).map((layer) => layer.limitMs);
  const positive = [limitMs, ...limits].filter((limit) => limit > 0);
  return {
    onion: null,
    inline: inline.length === 0 ? null : new InlineChain(inline, HOST, { what: 'stage', name: spec.name }),
    directLimitMs: positive.length === 0 ? 0 : Math.min(...positive),
  };
}

function onionOf(stage: BoundStage, spec: StageSpec, limitMs: number, thresholdBytes: number): StageCall {
  const layers = limitMs > 0 ? [...stage.interceptors, TimeoutInterceptor.with({ limitMs })] : stage.interceptors;
  const { contracts } = stage;
  const output =
    contracts === null || contracts.output === null ? null : new OutputContract(contracts.output, spec.name);
  const core: Core = { body: keeping(callBody, output), belongs: isSameExecution, ...HOST };
  const onion = storing(
    keeping(compose(sortByPriority(layers), core, { what: 'stage', name: spec.name }), output),
    thresholdBytes,
  );
  return contracts === null ? onion : expecting(new Expectations(contracts, spec.name), onion);
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
