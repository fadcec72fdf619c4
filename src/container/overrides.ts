import { ClosestName } from '../graph/index.js';
import { type AbstractClass, type CustomProvider, type Token, tokenName } from '../metadata/index.js';
import { type InterceptorClass, type InterceptorLike, isInterceptor } from '../stage/index.js';
import type { ProblemList } from './problem-list.js';
import { type ReadProvider, readProvider } from './provider-forms.js';
import { isRunToken, runTokenFix } from './run-tokens.js';
import type { ModuleNode, ProviderRecord } from './wiring-records.js';

/** What replaces providers in every module, before anything is planned. */
export class Overrides {
  readonly #byToken = new Map<Token, ReadProvider>();
  readonly #used = new Set<Token>();
  readonly #apart = new Map<Token, ProviderRecord>();

  constructor(overrides: readonly CustomProvider[], problems: ProblemList) {
    overrides.forEach((override, index) => {
      const read = readProvider(override, `overrides[${index}]`, problems);
      if (read === undefined) return;
      const name = tokenName(read.token);
      if (this.#byToken.has(read.token)) {
        const fix = 'Keep one of them.';
        problems.add('DI_DUPLICATE_PROVIDER', `${name} is overridden twice.`, fix, { token: name, list: 'overrides' });
      }
      this.#byToken.set(read.token, read);
    });
  }

  /** The record as it is, or what replaces it: in the same module and role, with what the override says. */
  apply(record: ProviderRecord): ProviderRecord {
    const override = this.#byToken.get(record.token);
    if (override === undefined) return record;
    this.#used.add(record.token);
    return { ...record, source: override.source, scope: override.scope };
  }

  /** What replaces a token that no module provides, but tsyringe or the class itself; it lives in the root module. */
  applyApart(record: ProviderRecord, root: ModuleNode): ProviderRecord {
    const known = this.#apart.get(record.token);
    if (known !== undefined) return known;
    const replaced = this.apply(record);
    if (replaced === record) return record;
    const apart: ProviderRecord = { ...replaced, home: root };
    this.#apart.set(record.token, apart);
    return apart;
  }

  /** An interceptor as it is listed, or the class of it that is overridden: one with options filled in is one of its class. */
  interceptor(like: InterceptorLike): InterceptorLike {
    if (typeof like === 'function' && this.#byToken.has(like)) return like;
    for (const token of this.#byToken.keys()) {
      if (typeof token === 'function' && isMadeOf(like, token)) return token as InterceptorClass;
    }
    return like;
  }

  reportUnused(known: Iterable<Token>, problems: ProblemList): void {
    const names = new Map([...known].map((token) => [tokenName(token), token]));
    const closest = new ClosestName(names);
    for (const token of this.#byToken.keys()) {
      if (!this.#used.has(token)) reportUnused(token, names, closest, problems);
    }
  }
}

function isMadeOf(like: InterceptorLike, target: AbstractClass): boolean {
  const prototype: unknown = target.prototype;
  if (!isInterceptor(prototype)) return false;
  return like instanceof target || (typeof like === 'function' && like.prototype instanceof target);
}

type Names = ReadonlyMap<string, Token>;

function reportUnused(token: Token, names: Names, closest: ClosestName, problems: ProblemList): void {
  const name = tokenName(token);
  const suggestion = names.has(name) ? undefined : closest.of(name);
  problems.add(
    'DI_UNUSED_OVERRIDE',
    isRunToken(token)
      ? `The override of ${name} replaces nothing, since it comes with each run.`
      : `The override of ${name} replaces nothing: ${names.has(name) ? `the ${name} that is provided is another token of that name` : 'no module provides it'}.`,
    unusedFix(token, suggestion, names),
    { token: name, suggestion: suggestion ?? null },
  );
}

function unusedFix(token: Token, suggestion: string | undefined, names: Names): string {
  if (isRunToken(token)) return runTokenFix(token);
  if (names.has(tokenName(token))) return 'Import the same token that the module provides.';
  return suggestion === undefined ? 'Remove it, or override what is provided.' : `Did you mean ${suggestion}?`;
}
