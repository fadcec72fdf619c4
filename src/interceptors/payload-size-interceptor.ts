import { StageflowError } from '../errors/index.js';
import { payloadSize } from '../payload/index.js';
import { type InlineInterceptor, InterceptorPriority, type StageContext, StageOutput } from '../stage/index.js';
import { checkOptions } from './check-options.js';
import { givenData } from './given-data.js';

export interface PayloadSizeOptions {
  /** Outputs above this are reported: a line in the log and the event `payload.large`. Default 262,144, 256 KiB. */
  readonly warnBytes?: number;
  /** Outputs above this fail the stage; Infinity for none. Default 10,485,760, 10 MiB. */
  readonly maxBytes?: number;
  /** Reports outputs so many times larger than all that the stage was given, too. Default: not looked at. */
  readonly warnGrowth?: number | null;
}

const DEFAULTS = { warnBytes: 262_144, maxBytes: 10_485_760, warnGrowth: null };
/** Growth of less than this is nothing to tell. */
const LEAST_GROWN_BYTES = 1_024;

/**
 * Guards the size of what stages hand on, which every reader, event and journal carries along. Sizes are rough: text counts
 * a byte a character.
 */
export class PayloadSizeInterceptor implements InlineInterceptor<void> {
  /** Inside of cache and retry: what is too large is neither kept nor tried again. */
  readonly priority = InterceptorPriority.Observability;
  readonly #options: Required<PayloadSizeOptions>;
  /** Larger sizes make no difference, so they are not measured. */
  readonly #lookUpTo: number;

  constructor(options: PayloadSizeOptions = {}) {
    this.#options = { ...DEFAULTS, ...options };
    const { warnBytes, maxBytes, warnGrowth } = this.#options;
    this.#lookUpTo = warnGrowth === null && maxBytes === Number.POSITIVE_INFINITY ? warnBytes : maxBytes;
    checkOptions('PayloadSizeInterceptor', [
      [warnBytes >= 0, 'warnBytes', warnBytes, 'bytes, 0 or more'],
      [maxBytes >= 0, 'maxBytes', maxBytes, 'bytes, 0 or more'],
      [warnGrowth === null || warnGrowth > 0, 'warnGrowth', warnGrowth, 'a number above 0, or null'],
    ]);
  }

  static with(options: PayloadSizeOptions = {}): PayloadSizeInterceptor {
    return new PayloadSizeInterceptor(options);
  }

  after(ctx: StageContext, output: StageOutput): StageOutput | void {
    const data = StageOutput.unread(output); // looked at and not handed on, so it need not be frozen
    if (data === undefined) return;
    const { warnBytes, maxBytes, warnGrowth } = this.#options;
    const bytes = payloadSize(data, this.#lookUpTo);
    if (bytes > maxBytes) return StageOutput.fail(tooLarge(ctx, maxBytes), { retryable: false });
    if (bytes > warnBytes) report(ctx, { bytes, warnBytes });
    if (warnGrowth !== null && bytes >= LEAST_GROWN_BYTES) {
      const givenBytes = payloadSize(givenData(ctx).map(({ data }) => data));
      if (bytes > givenBytes * warnGrowth) report(ctx, { bytes, givenBytes, warnGrowth });
    }
  }
}

function report(ctx: StageContext, facts: Readonly<Record<string, number>>): void {
  ctx.logger.warn('A stage hands on a large output.', facts);
  ctx.emit('payload.large', facts);
}

function tooLarge(ctx: StageContext, maxBytes: number): StageflowError {
  return new StageflowError({
    code: 'PAYLOAD_TOO_LARGE',
    message: `Stage "${ctx.stage.name}" handed on more than ${maxBytes} bytes.`,
    fix: 'Put large content into an artifact store and hand on the reference, or raise maxBytes.',
    details: { stage: ctx.stage.name, pipeline: ctx.pipeline, maxBytes },
  });
}
