/*
 * Outputs above a size are kept as artifacts before their stage counts as done, so that a journal or a sink needs only the
 * reference. Readers in the process share the value itself: nothing is copied for them.
 */
import { ArtifactEncoding, isArtifactRef } from '../artifacts/index.js';
import { encodePayload, payloadSize } from '../payload/index.js';
import { type StageContext, StageOutput, StageStatus } from '../stage/index.js';

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
    for (const [name, value] of parts) await keep(ctx, name, value);
    return output;
  } catch (error) {
    return StageOutput.fail(error);
  }
}

async function keep(ctx: StageContext, name: string, value: unknown): Promise<void> {
  if (value instanceof Uint8Array) await ctx.artifacts.put(name, value);
  else if (typeof value === 'string' && !LONE_SURROGATE.test(value)) await ctx.artifacts.put(name, value);
  else {
    const text = JSON.stringify(encodePayload(value, name));
    await ctx.artifacts.put(name, text, { contentType: 'application/json', encoding: ArtifactEncoding.Json });
  }
}
