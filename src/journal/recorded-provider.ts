/*
 * Providers whose answers are kept with the run that asks, and given again when it is replayed.
 *
 * Invariants
 *  1. Outside of a stage, and in a run that nobody writes down, a recorded provider is the provider itself.
 *  2. What a call answered is found by stage, round, provider, method and arguments, and by how often the stage had made the
 *     same call in that round: the order of different calls counts for nothing.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { encodePayload } from '../payload/index.js';
import { type ProviderAnswer, type ProviderCallLog, recorderOf, roundOf } from '../run/index.js';
import type { Interceptor, Next, StageContext, StageOutput } from '../stage/index.js';
import { plainCopy } from './plain-copy.js';

/** The stage that is asking. */
interface Asking {
  readonly stage: string;
  readonly log: ProviderCallLog;
  readonly counts: Map<string, number>;
}

const asking = new AsyncLocalStorage<Asking>();

/** Lets recorded providers know which stage asks: an interceptor for the whole application, `interceptors: [recordCalls()]`. */
export function recordCalls(): Interceptor {
  return new CallRecording();
}

class CallRecording implements Interceptor {
  intercept(ctx: StageContext, next: Next): StageOutput | Promise<StageOutput> {
    const log = recorderOf(ctx)?.providerCalls ?? null;
    if (log === null) return next();
    return asking.run({ stage: `${ctx.stage.name}\n${roundOf(ctx)}`, log, counts: new Map() }, () => next());
  }
}

/**
 * A provider whose answers are kept: `{ provide: Http, useFactory: () => recorded('Http', new Http()) }`. Its methods must give
 * data, or promises of data; what gives anything else, a stream for example, is passed through and cannot be replayed.
 * @param name what its calls are kept under; keep it, so that old runs can be replayed
 */
export function recorded<T extends object>(name: string, provider: T): T {
  const methods = new Map<PropertyKey, unknown>();
  return new Proxy(provider, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function' || typeof property === 'symbol') return value;
      let method = methods.get(property);
      if (method === undefined) {
        method = (...args: unknown[]) => ask(`${name}.${property}`, args, () => Reflect.apply(value, target, args));
        methods.set(property, method);
      }
      return method;
    },
  });
}

function ask(method: string, args: readonly unknown[], call: () => unknown): unknown {
  const current = asking.getStore();
  if (current === undefined) return call();
  const key = keyOf(current, method, args);
  const answer = current.log.find(key);
  if (answer !== null) return again(answer);
  const keep = (ok: boolean, value: unknown, isAsync: boolean) => current.log.add(key, { ok, value, isAsync });
  const given = orThrown(call, (error) => keep(false, error, false));
  if (!(given instanceof Promise)) {
    keep(true, given, false);
    return given;
  }
  given.then(
    (value: unknown) => keep(true, value, true),
    (error: unknown) => keep(false, error, true),
  );
  return given;
}

function orThrown(call: () => unknown, thrown: (error: unknown) => void): unknown {
  try {
    return call();
  } catch (error) {
    thrown(error);
    throw error;
  }
}

function again({ ok, value, isAsync }: ProviderAnswer): unknown {
  if (isAsync) return ok ? Promise.resolve(value) : Promise.reject(value);
  if (ok) return value;
  throw value;
}

function keyOf({ stage, counts }: Asking, method: string, args: readonly unknown[]): string {
  const call = [stage, method, digestOf(args)].join('\n');
  const count = (counts.get(call) ?? 0) + 1;
  counts.set(call, count);
  return `${call}\n${count}`;
}

/** Of arguments that are no data nothing is known but how many there are. */
function digestOf(args: readonly unknown[]): string {
  let text: string;
  try {
    text = JSON.stringify(encodePayload(plainCopy(args.filter((arg) => !(arg instanceof AbortSignal)))));
  } catch {
    text = String(args.length);
  }
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
