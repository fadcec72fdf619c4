/* What an engine refuses before it does anything with it. */
import type { ArtifactStore } from '../artifacts/index.js';
import { StageflowError } from '../errors/index.js';
import type { BoundPipeline } from './bound-pipeline.js';
import type { RunOptions } from './run-options.js';
import type { ArtifactSettings } from './run-parts.js';

const ONE_MEBIBYTE = 1024 * 1024;

/** @throws RUN_INPUT_INVALID */
export function stageIndexOf(pipeline: BoundPipeline, stage: string): number {
  const index = pipeline.graph.indexOf(stage);
  if (index !== undefined) return index;
  throw new StageflowError({
    code: 'RUN_INPUT_INVALID',
    message: `Pipeline "${pipeline.graph.name}" has no stage "${stage}" to cancel.`,
    details: { pipeline: pipeline.graph.name, stage },
  });
}

/** @throws RUN_INPUT_INVALID */
export function rejectInvalid({ timeoutMs = 0, maxConcurrency = 1 }: RunOptions): void {
  requireDuration('timeoutMs', timeoutMs);
  if (maxConcurrency >= 1 && (Number.isInteger(maxConcurrency) || maxConcurrency === Number.POSITIVE_INFINITY)) return;
  throw new StageflowError({
    code: 'RUN_INPUT_INVALID',
    message: `A run was given maxConcurrency ${String(maxConcurrency)}.`,
    fix: 'Give a whole number, at least 1, or Infinity for no limit.',
    details: { maxConcurrency },
  });
}

/** @throws RUN_INPUT_INVALID */
export function artifactSettings({
  store,
  thresholdBytes = ONE_MEBIBYTE,
}: {
  readonly store: ArtifactStore;
  readonly thresholdBytes?: number;
}): ArtifactSettings {
  if (thresholdBytes >= 0) return { store, thresholdBytes };
  throw new StageflowError({
    code: 'RUN_INPUT_INVALID',
    message: `artifacts.thresholdBytes is ${String(thresholdBytes)}.`,
    fix: 'Give a number of bytes, 0 or more, or Infinity.',
    details: { thresholdBytes },
  });
}

/** @throws RUN_INPUT_INVALID */
export function requireDuration(name: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new StageflowError({
    code: 'RUN_INPUT_INVALID',
    message: `${name} is ${String(value)}.`,
    fix: 'Give a number of milliseconds, 0 or more.',
    details: { [name]: value },
  });
}

/** @throws RUN_INPUT_INVALID */
export function requireCount(name: string, value: number): void {
  if (value >= 0 && (Number.isInteger(value) || value === Number.POSITIVE_INFINITY)) return;
  throw new StageflowError({
    code: 'RUN_INPUT_INVALID',
    message: `${name} is ${String(value)}.`,
    fix: 'Give a whole number, 0 or more, or Infinity for no limit.',
    details: { [name]: value },
  });
}

export function appClosed(pipeline: string): StageflowError {
  return new StageflowError({
    code: 'APP_CLOSED',
    message: `Pipeline "${pipeline}" cannot start: the application is closed.`,
    fix: 'Start runs before close(), or create the application anew.',
    details: { pipeline },
  });
}
