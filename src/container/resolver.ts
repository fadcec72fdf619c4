import { type AbstractClass, type Class, readOwnMetadata, Scope, type Token } from '../metadata/index.js';
import type { Overrides } from './overrides.js';
import { runRecordOf } from './run-tokens.js';
import type { TsyringeScope } from './tsyringe-scope.js';
import { visibleIn, withImports } from './visibility.js';
import type { ModuleNode, ProviderRecord } from './wiring-records.js';

/** What a token stands for in one place, or why nothing. */
export type Lookup =
  | { readonly kind: 'found'; readonly record: ProviderRecord }
  /** A module provides it, but keeps it to itself, or is not imported where the token is asked for. */
  | { readonly kind: 'not-exported' | 'not-imported'; readonly owner: ModuleNode }
  | { readonly kind: 'missing' };

/** Makes what nobody provides. Undefined leaves it missing. */
export type Mocker = (token: Token) => unknown;

/**
 * Finds what a token stands for, in this order: what comes with the run; the module's own providers and what its imports
 * export; what every module sees; tsyringe, unless a module it imports keeps the token to itself; a class that only `@injectable()` marks.
 */
export class Resolver {
  readonly #root: ModuleNode;
  readonly #overrides: Overrides;
  readonly #tsyringe: TsyringeScope;
  readonly #everywhere: Map<Token, ProviderRecord>;
  readonly #mock: Mocker | null;
  readonly #owners = new Map<Token, ModuleNode[]>();
  readonly #implicit = new Map<ModuleNode, Map<Token, ProviderRecord>>();

  /**
   * @param everywhere what every module sees, after its own providers and what its imports export
   * @param mock makes what nobody provides
   */
  constructor(
    root: ModuleNode,
    modules: readonly ModuleNode[],
    overrides: Overrides,
    tsyringe: TsyringeScope,
    everywhere: readonly ProviderRecord[],
    mock: Mocker | null = null,
  ) {
    this.#root = root;
    this.#mock = mock;
    this.#everywhere = new Map(everywhere.map((record) => [record.token, overrides.applyApart(record, root)]));
    this.#overrides = overrides;
    this.#tsyringe = tsyringe;
    for (const module of modules) {
      for (const token of module.own.keys()) {
        const owners = this.#owners.get(token);
        if (owners === undefined) this.#owners.set(token, [module]);
        else owners.push(module);
      }
    }
  }

  /** @param home null for what lives in the tsyringe container, which sees nothing of the modules. */
  find(home: ModuleNode | null, token: Token): Lookup {
    const run = runRecordOf(token);
    if (run !== undefined) return found(run);
    if (home === null) return this.#findInTsyringe(token);
    const visible = visibleIn(home, token);
    if (visible !== undefined) return found(visible);
    const general = this.#everywhere.get(token);
    if (general !== undefined) return found(general);
    const owners = this.#owners.get(token) ?? [];
    const hidden = owners.length === 0 ? undefined : this.#imported(home, owners);
    if (hidden !== undefined) return { kind: 'not-exported', owner: hidden };
    const registered = this.registered(token);
    if (registered !== undefined) return found(registered);
    const [owner] = owners;
    if (owner !== undefined) return { kind: owner.exported.has(token) ? 'not-imported' : 'not-exported', owner };
    return this.#isMarked(token) ? found(this.implicit(home, token as Class, Scope.Transient)) : MISSING;
  }

  /** What every module sees, by token. */
  get everywhere(): ReadonlyMap<Token, ProviderRecord> {
    return this.#everywhere;
  }

  /** What the mocker makes for a token that nobody provides; every module sees it from then on. */
  standIn(token: Token): ProviderRecord | undefined {
    const known = this.#everywhere.get(token);
    if (known !== undefined) return known;
    const value = this.#mock?.(token);
    if (value === undefined) return undefined;
    const record: ProviderRecord = {
      token,
      home: null,
      role: 'provider',
      source: { kind: 'value', value },
      scope: null,
    };
    this.#everywhere.set(token, record);
    return record;
  }

  /** What an interceptor class listed in a module or on one of its stages stands for: built there if nobody provides it. */
  findInterceptor(home: ModuleNode, target: Class): ProviderRecord {
    return visibleIn(home, target) ?? this.registered(target) ?? this.implicit(home, target, null);
  }

  /** What is registered in tsyringe, or overrides that. */
  registered(token: Token): ProviderRecord | undefined {
    const record = this.#tsyringe.registered(token);
    return record === undefined ? undefined : this.#overrides.applyApart(record, this.#root);
  }

  /** Everything registered in tsyringe under a token, as an array. */
  allRegistered(token: Token): ProviderRecord | undefined {
    return this.#tsyringe.all(token);
  }

  /** A class that provides itself in a module that does not list it. */
  implicit(home: ModuleNode, target: Class, scope: Scope | null): ProviderRecord {
    const known = this.#implicit.get(home) ?? new Map<Token, ProviderRecord>();
    this.#implicit.set(home, known);
    let record = known.get(target);
    if (record === undefined) {
      const written: ProviderRecord = {
        token: target,
        home,
        role: 'implicit',
        source: { kind: 'class', useClass: target },
        scope,
      };
      record = this.#overrides.applyApart(written, this.#root);
      known.set(target, record);
    }
    return record;
  }

  #findInTsyringe(token: Token): Lookup {
    const registered = this.registered(token);
    if (registered !== undefined) return found(registered);
    if (typeof token !== 'function') return MISSING;
    return found(this.#overrides.applyApart(this.#tsyringe.constructed(token as Class), this.#root));
  }

  #imported(home: ModuleNode, owners: readonly ModuleNode[]): ModuleNode | undefined {
    const reachable = withImports(home);
    return owners.find((owner) => reachable.has(owner));
  }

  /** Marked for tsyringe alone: a class of ours that nobody provides is a mistake, and is reported. */
  #isMarked(token: Token): boolean {
    if (typeof token !== 'function' || isOurs(token)) return false;
    return this.#tsyringe.tsyringe.isMarked(token as Class);
  }
}

const MISSING: Lookup = Object.freeze({ kind: 'missing' });

function found(record: ProviderRecord): Lookup {
  return { kind: 'found', record };
}

function isOurs(target: AbstractClass): boolean {
  return readOwnMetadata('injectable', target) !== undefined || readOwnMetadata('stage', target) !== undefined;
}
