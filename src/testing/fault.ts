import { type Clock, systemClock } from '../clock/index.js';
import { type Class, type CustomProvider, readOwnMetadata, type Scope } from '../metadata/index.js';
import { Gate } from './gate.js';

/** What goes wrong with a stage or a tool before it begins. */
export type Fault = (
  | { readonly fail: unknown }
  | { readonly delayMs: number }
  /** It does not come back until it is cancelled or passes its limit. */
  | { readonly hang: true }
  | { readonly until: Gate<any> } // any: what it opens with does not matter
) & {
  /** Which calls of the test it strikes, from 1, attempts counted. Default: all. */
  readonly at?: number | readonly number[];
};

interface Called {
  execute(first: unknown, second?: unknown): unknown;
  undo?(record: unknown, ctx: unknown): unknown;
}

/** The faults of one stage or tool, and how often it was called. */
export class FaultPlan {
  readonly #faults: Fault[] = [];
  #calls = 0;

  add(fault: Fault): void {
    this.#faults.push(fault);
  }

  /** The provider with the faults before it. @param clock tells how long delays last */
  around(target: Class, provider: CustomProvider | undefined, clock: Clock = systemClock): CustomProvider {
    const strike = (signal: AbortSignal): Promise<void> => this.#strike(signal, clock);
    if (provider === undefined) return { provide: target, ...scopeOf(target), useClass: faultyClass(target, strike) };
    if ('useClass' in provider) return { ...provider, useClass: faultyClass(provider.useClass as Class, strike) };
    if ('useValue' in provider) return { ...provider, useValue: faulty(provider.useValue as Called, strike) };
    if (!('useFactory' in provider)) return provider;
    const { useFactory } = provider;
    return { ...provider, useFactory: async (...args: any[]) => faulty((await useFactory(...args)) as Called, strike) };
  }

  async #strike(signal: AbortSignal, clock: Clock): Promise<void> {
    const call = ++this.#calls;
    for (const fault of this.#faults) {
      if (fault.at !== undefined && ![fault.at].flat().includes(call)) continue;
      if ('fail' in fault) throw fault.fail;
      if ('until' in fault) await fault.until.pass(signal);
      else await pause(signal, clock, 'hang' in fault ? null : fault.delayMs);
    }
  }
}

type Strike = (signal: AbortSignal) => Promise<void>;

/** A stage gets its context first, a tool second. */
function signalOf(args: readonly unknown[]): AbortSignal {
  return (args.at(-1) as { readonly signal: AbortSignal }).signal;
}

function faultyClass(target: Class, strike: Strike): Class {
  const Base = target as new (...args: any[]) => Called; // a class expression can only extend a constructor of that form
  // Without a constructor of its own, so that its parameters are those of the class.
  class Faulty extends Base {
    override async execute(...args: [unknown, unknown?]): Promise<unknown> {
      await strike(signalOf(args));
      return super.execute(...args);
    }
  }
  Object.defineProperty(Faulty, 'name', { value: target.name });
  return Faulty;
}

function faulty(instance: Called, strike: Strike): Called {
  const execute = async (...args: [unknown, unknown?]): Promise<unknown> => {
    await strike(signalOf(args));
    return instance.execute(...args);
  };
  if (typeof instance.undo !== 'function') return { execute };
  return { execute, undo: (record, ctx) => instance.undo?.(record, ctx) };
}

/** @param delayMs null for no end but the signal's */
async function pause(signal: AbortSignal, clock: Clock, delayMs: number | null): Promise<void> {
  signal.throwIfAborted();
  const end = new Gate();
  const timer = delayMs === null ? null : clock.setTimer(delayMs, () => end.open());
  try {
    await end.pass(signal);
  } finally {
    timer?.clear();
  }
}

/** What the class says of itself is not said of one that extends it. */
function scopeOf(target: Class): { readonly scope?: Scope } {
  const declared = readOwnMetadata('injectable', target)?.scope;
  return declared === undefined || declared === null ? {} : { scope: declared };
}
