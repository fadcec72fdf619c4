/*
 * Outputs above a size are kept as artifacts before their stage counts as done, so that a journal or a sink needs only the
 * reference. Readers in the process share the value itself: nothing is copied for them.
 */
import { ArtifactEncoding, type ArtifactRef, isArtifactRef } from '../artifacts/index.js';
import { encodePayload, payloadSize } from '../payload/index.js';
import { type StageContext, StageOutput, StageStatus } from '../stage/index.js';
import { behind } from './execution-context.js';

/** UTF-8 has no place for these; JSON has. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Keeps what is large in an output; the output itself stays as it is. A store that fails, fails the stage. Never rejects. */
export async function keepLarge(ctx: StageContext, output: StageOutput, thresholdBytes: number): Promise<StageOutput> {
  const { data } = output;
  if (output.status !== StageStatus.Ok || data === undefined) return output;
  try {
    if (payloadSize(data, thresholdBytes) <= thresholdBytes) return output;
    const isLarge = (value: unknown) => payloadSize(value, thresholdBytes) > thresholdBytes && !isArtifactRef(value);
    const large = Object.entries(data).filter(([, value]) => isLarge(value));
    // Many small fields that are large together are one artifact.
    const parts = large.length === 0 ? [['output', data] as const] : large;
    const whole = large.length === 0;
    for (const [name, value] of parts) noteApart(ctx, whole ? null : name, await keep(ctx, name, value));
    return output;
  } catch (error) {
    return StageOutput.fail(error);
  }
}

async function keep(ctx: StageContext, name: string, value: unknown): Promise<ArtifactRef> {
  if (value instanceof Uint8Array) return ctx.artifacts.put(name, value);
  if (typeof value === 'string' && !LONE_SURROGATE.test(value)) return ctx.artifacts.put(name, value);
  const text = JSON.stringify(encodePayload(value, name));
  return ctx.artifacts.put(name, text, { contentType: 'application/json', encoding: ArtifactEncoding.Json });
}

/** Whoever writes the run down needs only the reference. */
function noteApart(ctx: StageContext, field: string | null, ref: ArtifactRef): void {
  const { run, execution } = behind(ctx);
  if (run.record !== null) run.resources.keepApart(execution, field, ref);
}
