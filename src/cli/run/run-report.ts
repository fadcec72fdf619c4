import { inspect } from 'node:util';
import type { EventSink, PipelineEvent } from '../../events/index.js';
import type { StageGraph } from '../../graph/index.js';
import type { RunOutcome, RunResults } from '../../run/index.js';
import { duration } from '../output/duration.js';
import { plainText } from '../output/plain-text.js';

/** Why stages ended as they did, as events tell it: without the secrets that the run knows, unlike results. */
export class Reasons implements EventSink {
  readonly #byStage = new Map<string, string>();

  emit(event: PipelineEvent): void {
    if (event.lineage.depth > 0) return;
    if (event.type === 'stage.failed') this.#byStage.set(event.stage, event.error.message);
    else if (event.type === 'stage.skipped' || event.type === 'stage.cancelled') {
      this.#byStage.set(event.stage, event.reason);
    }
  }

  of(stage: string): string | null {
    return this.#byStage.get(stage) ?? null;
  }
}

/** For programs. */
export function runJson(outcome: RunOutcome, reasons: Reasons): object {
  const { status, results } = outcome;
  const { runId, pipeline, durationMs, outputs } = results;
  return {
    ok: status === 'completed',
    status,
    runId,
    pipeline,
    durationMs,
    outputs,
    stages: results.stages.map(({ stage, status: ended, failure, durationMs: tookMs, attempts }) => ({
      stage,
      status: ended,
      reason: reasons.of(stage),
      code: failure?.code ?? null,
      durationMs: tookMs,
      attempts,
    })),
    error: errorJson(outcome),
  };
}

function errorJson(outcome: RunOutcome): object | null {
  if (outcome.status === 'completed') return null;
  const { code, summary, fix, details } = outcome.error;
  return { code, message: summary, fix: fix ?? null, stage: details.stage ?? null };
}

/** For people: what the last stages of a pipeline handed on, or those of all. */
export function outputsText(results: RunResults, graph: StageGraph, all: boolean, colors: boolean): string {
  const { dependentOffsets } = graph.topology;
  const isLast = (index: number): boolean => dependentOffsets[index] === dependentOffsets[index + 1];
  const shown = results.stages.filter(({ status }, index) => status === 'ok' && (all || isLast(index)));
  return shown.map(({ stage, data }) => `${plainText(stage)} ${show(data ?? {}, colors)}\n`).join('');
}

function show(data: object, colors: boolean): string {
  return inspect(data, { colors, depth: 8, maxArrayLength: 200, maxStringLength: 10_000, sorted: false });
}

/** One line on how a run ended. */
export function outcomeText(outcome: RunOutcome): string {
  const { runId, durationMs } = outcome.results;
  const where = `in ${duration(durationMs)}, run ${runId}`;
  if (outcome.status === 'completed') return `completed ${where}`;
  return `${outcome.status} ${where}\n${outcome.error.message}`;
}
