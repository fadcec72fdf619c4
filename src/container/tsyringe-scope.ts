import { type Class, Scope, type Token } from '../metadata/index.js';
import { Lifecycle, type Registration, type TsyringeContainer } from './tsyringe-container.js';
import type { ProviderRecord, ProviderSource } from './wiring-records.js';

/**
 * The tsyringe container as a place where tokens are found. What tsyringe would build anew each time (`Transient`) is
 * planned here, so that what it needs is known, can come from the run, and is disposed; everything else tsyringe
 * resolves itself, so that its singletons stay the ones the rest of the process uses.
 */
export class TsyringeScope {
  readonly tsyringe: TsyringeContainer;
  readonly #registered = new Map<Token, ProviderRecord | undefined>();
  readonly #all = new Map<Token, ProviderRecord>();
  readonly #constructed = new Map<Token, ProviderRecord>();

  constructor(tsyringe: TsyringeContainer) {
    this.tsyringe = tsyringe;
  }

  /** What is registered under a token. */
  registered(token: Token): ProviderRecord | undefined {
    // Asked once per token: tsyringe keeps an empty entry for each token it does not find.
    if (!this.#registered.has(token)) this.#registered.set(token, this.#read(token));
    return this.#registered.get(token);
  }

  /** Everything registered under a token, as an array. */
  all(token: Token): ProviderRecord | undefined {
    if (this.registered(token) === undefined) return undefined;
    let record = this.#all.get(token);
    if (record === undefined) {
      record = this.#record(token, { kind: 'parent', resolve: () => [...this.tsyringe.resolveAll(token)] });
      this.#all.set(token, record);
    }
    return record;
  }

  /** As tsyringe does: a class that nobody registered is constructed wherever it is asked for. */
  constructed(target: Class): ProviderRecord {
    let record = this.#constructed.get(target);
    if (record === undefined) {
      record = this.#record(target, { kind: 'class', useClass: target });
      this.#constructed.set(target, record);
    }
    return record;
  }

  #read(token: Token): ProviderRecord | undefined {
    if (!this.tsyringe.has(token)) return undefined;
    const registration = this.tsyringe.registrations(token).at(-1);
    return this.#record(
      token,
      plannedSource(registration) ?? { kind: 'parent', resolve: () => this.tsyringe.resolve(token) },
    );
  }

  #record(token: Token, source: ProviderSource): ProviderRecord {
    return Object.freeze({ token, home: null, role: 'parent', source, scope: Scope.Transient });
  }
}

function plannedSource(registration: Registration | undefined): ProviderSource | undefined {
  if (registration?.lifecycle !== Lifecycle.Transient) return undefined;
  const { useClass, useToken } = registration.provider;
  if (typeof useClass === 'function') return { kind: 'class', useClass: useClass as Class };
  if (typeof useToken === 'function' || typeof useToken === 'string' || typeof useToken === 'symbol') {
    return { kind: 'existing', token: useToken as Token };
  }
  return undefined;
}
