import type { ModelCall, ModelPart, ModelProvider, ModelRequest, ModelUsage } from '../model/index.js';
import { FinishReason, ModelError } from '../model/index.js';
import { nextUnlessAborted } from './next-unless-aborted.js';

/** What a model said in one turn. */
export interface ModelTurn {
  readonly text: string;
  readonly calls: readonly ModelCall[];
  /** Null if the model did not say. */
  readonly usage: ModelUsage | null;
  readonly finish: FinishReason;
  /** For the adapter alone; undefined for nothing. */
  readonly opaque: unknown;
}

/** What is known of a turn while it goes on, and stays known when it fails. */
export interface TurnSoFar {
  text: string;
  usage: ModelUsage | null;
}

/**
 * Asks a model once and collects what it says.
 * @param heard called with each piece of text
 * @param soFar filled as the model speaks
 * @throws what the model throws, the reason of the signal, or MODEL_ANSWER_INVALID
 */
export async function askModel(
  model: ModelProvider,
  request: ModelRequest,
  signal: AbortSignal,
  heard: (text: string) => void,
  soFar: TurnSoFar,
): Promise<ModelTurn> {
  const calls: ModelCall[] = [];
  let finish: FinishReason | null = null;
  let opaque: unknown;
  const parts = model.stream(request, signal)[Symbol.asyncIterator]();
  for (;;) {
    const next = await nextUnlessAborted(parts, signal);
    if (next.done === true) break;
    const part: ModelPart = next.value;
    if (part.type === 'text') {
      soFar.text += part.text;
      if (part.text !== '') heard(part.text);
    } else if (part.type === 'usage') soFar.usage = usageOf(part);
    else if (part.type === 'call') calls.push({ id: part.id, name: part.name, arguments: part.arguments });
    else if (part.type === 'opaque') opaque = part.data;
    else finish = part.reason;
  }
  if (finish === null) throw cutOff(model);
  return { text: soFar.text, calls: withIds(calls), usage: soFar.usage, finish, opaque };
}

/** Models give ids twice, or none. By its id the model finds the result, so each gets its own. */
function withIds(calls: readonly ModelCall[]): readonly ModelCall[] {
  const taken = new Set<string>();
  return calls.map((call, index) => {
    const id = call.id === '' || taken.has(call.id) ? `${call.id}#${index + 1}` : call.id;
    taken.add(id);
    return { ...call, id };
  });
}

/** What is no count is not known: it must not make anything cheaper. */
function usageOf({ inputTokens, outputTokens }: ModelUsage): ModelUsage | null {
  const known = [inputTokens, outputTokens].every((count) => Number.isFinite(count) && count >= 0);
  return known ? { inputTokens, outputTokens } : null;
}

function cutOff({ model }: ModelProvider): ModelError {
  return new ModelError({
    code: 'MODEL_ANSWER_INVALID',
    message: `Model "${model}" stopped in the middle: its answer has no end.`,
    fix: 'The connection may have broken; ask again.',
    details: { model },
    retryable: true,
  });
}
