import type { IBreaker } from 'cockatiel';
import { ErrorCategory, type ErrorClassification, type ErrorClassifier } from '../errors/index.js';
import {
  type Interceptor,
  type InterceptorClass,
  InterceptorPriority,
  type Next,
  type StageContext,
  type StageFailure,
  StageOutput,
} from '../stage/index.js';
import { bindOptions } from './bind-options.js';
import { checkOptions, isCount, isDurationMs } from './check-options.js';
import { Circuit, CircuitState, Verdict } from './circuit.js';
import { loadCockatiel } from './cockatiel.js';
import { classifyFailure, failureOfOutput } from './failure-class.js';
import { RecentMap } from './recent-map.js';
import { RefusedError } from './refused-error.js';

/** Opens when more than this share of the latest calls failed. */
export interface CircuitSampling {
  /** Above 0, below 1. */
  readonly share: number;
  /** How many of the latest calls are looked at. */
  readonly ofLast: number;
  /** Fewer calls than this open nothing. Default `ofLast`. */
  readonly atLeast?: number;
}

export interface CircuitBreakerOptions {
  /** Opens after this many failures in a row. Default 5. */
  readonly consecutive?: number;
  /** Opens by share instead. */
  readonly sampling?: CircuitSampling;
  /** How long it stays open before one call is let through as a probe, in ms. Default 30,000. */
  readonly openMs?: number;
  /** What shares a breaker: a name, or a function of the execution. Default: pipeline and stage. */
  readonly key?: string | ((ctx: StageContext) => string);
  /** How many breakers are kept; of more, one that is closed and was used longest ago goes. Default 1,000. */
  readonly maxKeys?: number;
  /**
   * Whether a failure is the fault of what the stage depends on. Default: transient, systemic and unknown failures are. A
   * failure that is not shows that the dependency answers, except for mistakes in the program, which show nothing.
   */
  readonly isFault?: (failure: StageFailure, classification: ErrorClassification) => boolean;
  /** Default: that of the application. */
  readonly classifier?: ErrorClassifier | null;
}

type Options = Required<Omit<CircuitBreakerOptions, 'sampling'>> & { readonly sampling: CircuitSampling | null };

const FAULTS: readonly ErrorCategory[] = [ErrorCategory.Transient, ErrorCategory.Systemic, ErrorCategory.Unknown];
const SILENT: readonly ErrorCategory[] = [ErrorCategory.Logic, ErrorCategory.Cancelled];

const DEFAULTS: Options = {
  consecutive: 5,
  sampling: null,
  openMs: 30_000,
  key: ({ pipeline, stage }) => JSON.stringify([pipeline, stage.name]),
  maxKeys: 1_000,
  isFault: (_, { category }) => FAULTS.includes(category),
  classifier: null,
};

/**
 * Stops calling what keeps failing: after repeated failures the stage fails at once with CIRCUIT_OPEN, until one probe
 * shows that the dependency is back. Stands inside retry, so that each attempt counts. What it remembers outlives runs: list
 * the class that `with` gives, and each application has breakers of its own.
 */
export class CircuitBreakerInterceptor implements Interceptor {
  readonly priority = InterceptorPriority.Resilience + 10;
  readonly #options: Options;
  readonly #circuits: RecentMap<Circuit>;

  constructor(options: CircuitBreakerOptions = {}) {
    this.#options = readOptions(options);
    this.#circuits = new RecentMap(this.#options.maxKeys);
  }

  static with(options: CircuitBreakerOptions = {}): InterceptorClass {
    readOptions(options);
    return bindOptions(CircuitBreakerInterceptor, options);
  }

  async intercept(ctx: StageContext, next: Next): Promise<StageOutput> {
    const circuit = this.#circuitOf(ctx);
    const retryAfterMs = circuit.refusedForMs(ctx.clock);
    if (retryAfterMs !== null) return StageOutput.fail(circuitOpen(ctx, retryAfterMs));
    const output = await circuit.run(ctx, next, (result) => this.#verdict(ctx, result));
    const change = circuit.takeChange();
    if (change !== null) report(ctx, change);
    return output;
  }

  #circuitOf(ctx: StageContext): Circuit {
    const { key, openMs } = this.#options;
    const name = typeof key === 'string' ? key : key(ctx);
    const known = this.#circuits.get(name);
    if (known !== undefined) return known;
    const circuit = new Circuit(makeBreaker(this.#options), openMs);
    this.#circuits.makeRoom(({ state }) => state === CircuitState.Closed);
    this.#circuits.set(name, circuit);
    return circuit;
  }

  #verdict(ctx: StageContext, output: StageOutput): Verdict {
    const failure = failureOfOutput(output, ctx);
    if (failure === null) return ctx.cancelled ? Verdict.Unclear : Verdict.Works;
    // Whoever refused to run the stage further inside did not ask the dependency.
    if (RefusedError.isRefusalOf(failure.error, ctx)) return Verdict.Unclear;
    const classification = classifyFailure(this.#options.classifier, failure, ctx);
    if (ctx.cancelled) return Verdict.Unclear;
    if (this.#options.isFault(failure, classification)) return Verdict.Broken;
    return SILENT.includes(classification.category) ? Verdict.Unclear : Verdict.Works;
  }
}

function makeBreaker({ sampling, consecutive }: Options): IBreaker {
  const { ConsecutiveBreaker, CountBreaker } = loadCockatiel();
  if (sampling === null) return new ConsecutiveBreaker(consecutive);
  const { share, ofLast, atLeast = ofLast } = sampling;
  return new CountBreaker({ threshold: share, size: ofLast, minimumNumberOfCalls: atLeast });
}

function circuitOpen(ctx: StageContext, retryAfterMs: number): RefusedError {
  return new RefusedError(ctx, {
    code: 'CIRCUIT_OPEN',
    because: 'its circuit breaker is open after repeated failures',
    fix: 'Wait until what it depends on is back; the failures before this one say what is wrong.',
    retryAfterMs,
  });
}

function report(ctx: StageContext, state: CircuitState): void {
  ctx.emit('circuit_breaker.changed', { state });
  if (state === CircuitState.Open) ctx.logger.warn('A circuit breaker has opened.', { state });
  else ctx.logger.info('A circuit breaker has closed.', { state });
}

function readOptions(given: CircuitBreakerOptions): Options {
  const options: Options = { ...DEFAULTS, ...given };
  const { consecutive, sampling, openMs, key, maxKeys } = options;
  const { share = Number.NaN, ofLast, atLeast = ofLast } = sampling ?? { share: 0.5, ofLast: 1 };
  checkOptions('CircuitBreakerInterceptor', [
    [isCount(consecutive), 'consecutive', consecutive, 'a whole number, at least 1'],
    [share > 0 && share < 1, 'sampling.share', share, 'a number above 0 and below 1'],
    [isCount(ofLast), 'sampling.ofLast', ofLast, 'a whole number, at least 1'],
    [isCount(atLeast) && atLeast <= ofLast, 'sampling.atLeast', atLeast, 'a whole number, at most ofLast'],
    [isDurationMs(openMs), 'openMs', openMs, 'milliseconds, 0 or more'],
    [typeof key === 'string' || typeof key === 'function', 'key', key, 'a name, or a function of the context'],
    [isCount(maxKeys), 'maxKeys', maxKeys, 'a whole number, at least 1'],
    [typeof options.isFault === 'function', 'isFault', options.isFault, 'a function of the failure'],
    [
      options.classifier === null || typeof options.classifier.classify === 'function',
      'classifier',
      options.classifier,
      'an ErrorClassifier',
    ],
  ]);
  return options;
}
