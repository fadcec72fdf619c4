import { FinishReason, type ModelMessage, type ModelPart, ModelProvider, type ModelRequest } from '../agents/index.js';
import { StageflowError } from '../errors/index.js';
import { messageOf } from '../stage/index.js';

/** A call of a tool in a script. */
export interface ScriptedToolCall {
  readonly tool: string;
  /** An object, or text that is to be sent as it is. */
  readonly input?: unknown;
  /** Default: `call-1` for the first of the script, and so on. */
  readonly id?: string;
}

/** What a scripted model says in one turn: text alone, or more of it. */
export type ModelStep =
  | string
  | {
      readonly text?: string;
      readonly calls?: readonly ScriptedToolCall[];
      /** Default 10 in, 5 out. Null to say nothing of it. */
      readonly usage?: { readonly inputTokens: number; readonly outputTokens: number } | null;
      readonly finish?: FinishReason;
      /** Thrown after the text and the calls. */
      readonly fail?: unknown;
      /** Waited for before the turn is given. */
      readonly after?: Promise<unknown>;
      /** Looks at what the model is asked; what it throws fails the turn, and `assertComplete` tells of it. */
      readonly expect?: (request: ModelRequest) => void;
    };

/** The turns of a model, each made when it is asked for where it depends on what is asked. */
export type ModelScript = readonly (ModelStep | ((request: ModelRequest) => ModelStep))[];

type WholeStep = Exclude<ModelStep, string>;

/**
 * Stands in for a model and says what its script says, turn by turn. A turn that the script does not foresee fails, and
 * `assertComplete` tells of it as well.
 */
export class ScriptedModel extends ModelProvider {
  readonly model: string;
  /** What it was asked, in order. */
  readonly requests: ModelRequest[] = [];
  readonly #steps: ModelScript;
  readonly #endless: boolean;
  #calls = 0;
  #unforeseen: StageflowError | null = null;

  constructor(steps: ModelScript, options: { readonly model?: string; readonly repeatLast?: boolean } = {}) {
    super();
    this.#steps = steps;
    this.model = options.model ?? 'scripted';
    this.#endless = options.repeatLast ?? false;
  }

  /** The last thing it was told. */
  get lastMessage(): ModelMessage | undefined {
    return this.requests.at(-1)?.messages.at(-1);
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelPart> {
    const step = this.#next(request);
    await step.after;
    signal.throwIfAborted();
    const { text = '', calls = [], usage = { inputTokens: 10, outputTokens: 5 } } = step;
    for (const piece of text.match(/\S+\s*|\s+/g) ?? []) yield { type: 'text', text: piece };
    for (const { tool, input = {}, id = `call-${++this.#calls}` } of calls) {
      yield { type: 'call', id, name: tool, arguments: typeof input === 'string' ? input : JSON.stringify(input) };
    }
    if ('fail' in step) throw step.fail;
    if (usage !== null) yield { type: 'usage', ...usage };
    const ending = calls.length > 0 ? FinishReason.ToolCalls : FinishReason.Stop;
    yield { type: 'finish', reason: step.finish ?? ending };
  }

  /** @throws TEST_SCRIPT_MISMATCH if a turn was not foreseen, or steps are left, or an `expect` threw */
  assertComplete(): void {
    if (this.#unforeseen !== null) throw this.#unforeseen;
    const left = this.#steps.length - this.requests.length;
    if (left > 0) throw mismatch(`${left} of its ${this.#steps.length} turns were not asked for.`);
  }

  #next(request: ModelRequest): WholeStep {
    const number = this.requests.push(request);
    const given = this.#steps[number - 1] ?? (this.#endless ? this.#steps.at(-1) : undefined);
    try {
      if (given === undefined) {
        throw mismatch(`It is asked ${number} times, but the script has ${this.#steps.length} turns.`);
      }
      const made = typeof given === 'function' ? given(request) : given;
      const step = typeof made === 'string' ? { text: made } : made;
      step.expect?.(request);
      return step;
    } catch (error) {
      const wrong = error instanceof StageflowError ? error : mismatch(`Turn ${number}: ${messageOf(error)}`, error);
      this.#unforeseen ??= wrong;
      throw wrong;
    }
  }
}

/** A model that says what a test wants it to say: `scriptedModel([{ calls: [{ tool: 'search' }] }, 'Found it.'])`. */
export function scriptedModel(...args: ConstructorParameters<typeof ScriptedModel>): ScriptedModel {
  return new ScriptedModel(...args);
}

function mismatch(what: string, cause?: unknown): StageflowError {
  return new StageflowError({
    cause,
    code: 'TEST_SCRIPT_MISMATCH',
    message: `A scripted model is used otherwise than its script says. ${what}`,
    fix: 'Correct the script, or whoever asks the model.',
  });
}
