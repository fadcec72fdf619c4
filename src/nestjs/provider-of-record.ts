import { type FactoryProvider, type Provider as NestProvider, Scope as NestScope } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import {
  type DependencyRequest,
  LazyReference,
  type OutsideProvider,
  type ProviderRecord,
  standInFor,
} from '../container/index.js';
import { ExtensionToken } from '../context/index.js';
import { type Class, Scope, type Token, tokenName } from '../metadata/index.js';
import { RunContext } from '../stage/index.js';
import { markPlain } from './plain-factory.js';

/** Where Nest keeps what it injects into properties of a class. */
const NEST_PROPERTIES = 'self:properties_metadata';

const SCOPES: Readonly<Record<Scope, NestScope>> = {
  singleton: NestScope.DEFAULT,
  run: NestScope.REQUEST,
  tenant: NestScope.REQUEST,
  transient: NestScope.TRANSIENT,
};

/**
 * What Nest is told of a provider. Classes are handed over as factories with what their constructors ask for, whichever
 * library's decorators say it: Nest itself reads only its own.
 */
export function providerOf({ record, requests }: OutsideProvider): NestProvider {
  const { source, scope } = record;
  const provide = asNestToken(record.token);
  const nestScope = scope === null ? NestScope.DEFAULT : SCOPES[scope];
  switch (source.kind) {
    case 'value':
      return { provide, useValue: source.value };
    case 'existing':
      return { provide, useExisting: asNestToken(source.token) };
    case 'class': {
      const { useClass } = source;
      if (needsNest(useClass)) return { provide, useClass, scope: nestScope };
      const make = (...args: unknown[]): object => new useClass(...args);
      return factory(record, requests, make, nestScope, true);
    }
    case 'factory':
      return factory(record, requests, source.factory, nestScope, false);
    default:
      throw new TypeError(`${tokenName(record.token)} comes from ${source.kind}, which no module lists.`);
  }
}

/** Only Nest fills properties. */
function needsNest(target: Class): boolean {
  for (let owner: unknown = target; isClass(owner); owner = Object.getPrototypeOf(owner)) {
    if (Reflect.hasOwnMetadata?.(NEST_PROPERTIES, owner)) return true;
  }
  return false;
}

function isClass(value: unknown): value is Class {
  return typeof value === 'function' && value !== Function.prototype;
}

type Requests = OutsideProvider['requests'];
type Make = (...args: unknown[]) => unknown;

/** One argument of a factory: what Nest gives for it, and what becomes of that. */
interface Argument {
  readonly asks: NonNullable<FactoryProvider['inject']>;
  readonly read: (given: readonly unknown[]) => unknown;
}

function factory(
  record: ProviderRecord,
  requests: Requests,
  make: Make,
  scope: NestScope,
  isPlain: boolean,
): FactoryProvider {
  const provide = asNestToken(record.token);
  const { inject, built } = requests.every(isDirect)
    ? { inject: requests.map(asIs), built: make }
    : adapted(requests, make);
  if (record.scope !== Scope.Tenant) return { provide, useFactory: isPlain ? markPlain(built) : built, inject, scope };
  const checked = tenantsOnly(tokenName(record.token), built);
  return { provide, useFactory: isPlain ? markPlain(checked) : checked, inject: [RunContext, ...inject], scope };
}

/** Nest gives exactly what it is asked for: true of most. */
function isDirect(request: DependencyRequest | null): request is DependencyRequest {
  if (request === null || request.form !== 'value' || request.multiple) return false;
  return request.transform === null && !(request.token instanceof ExtensionToken);
}

function asIs({ token, optional }: DependencyRequest): Argument['asks'][number] {
  return ask(token, optional);
}

function adapted(requests: Requests, make: Make): { readonly inject: Argument['asks']; readonly built: Make } {
  const args = requests.map(argumentOf);
  const starts = args.map((_, index) => args.slice(0, index).reduce((sum, { asks }) => sum + asks.length, 0));
  const built: Make = (...given) =>
    make(...args.map(({ asks, read }, index) => read(given.slice(starts[index], (starts[index] ?? 0) + asks.length))));
  return { inject: args.flatMap(({ asks }) => asks), built };
}

/** Nobody owns '', so that a run without organisation is denied; any other owns what is its own. */
function tenantsOnly(name: string, make: Make): Make {
  return (run, ...given) => {
    const { org } = run as RunContext;
    org.assertOwns(org.orgId ?? '', name);
    return make(...given);
  };
}

const first = (given: readonly unknown[]): unknown => given[0];
const NOTHING: Argument = { asks: [], read: () => undefined };

function argumentOf(request: DependencyRequest | null): Argument {
  if (request === null) return NOTHING;
  const { token, transform, multiple, form } = request;
  if (token instanceof ExtensionToken) return extension(token, request.optional);
  if (form !== 'value') return late(request);
  const asks = [ask(token, request.optional)];
  if (transform !== null) {
    return {
      asks: [...asks, ask(transform.token, false)],
      read: ([value, by]) => (by as { transform(...args: unknown[]): unknown }).transform(value, ...transform.args),
    };
  }
  return { asks, read: multiple ? ([value]) => (value === undefined ? [] : [value]) : first };
}

function ask(token: Token, optional: boolean): Argument['asks'][number] {
  const nestToken = asNestToken(token);
  return optional ? { token: nestToken, optional } : nestToken;
}

function extension(token: ExtensionToken, optional: boolean): Argument {
  return {
    asks: [RunContext],
    read: ([run]) => {
      const { extensions } = (run as RunContext).snapshot;
      return optional ? extensions.get(token) : extensions.require(token);
    },
  };
}

/** What is named late is looked up when it is first read: Nest has built it by then. */
function late({ token, form }: DependencyRequest): Argument {
  const read = ([moduleRef]: readonly unknown[]): unknown => {
    const reference = new LazyReference(tokenName(token), () => found(moduleRef as ModuleRef, token));
    return form === 'lazy' ? reference : standInFor(reference);
  };
  return { asks: [ModuleRef], read };
}

function found(moduleRef: ModuleRef, token: Token): unknown {
  const nestToken = asNestToken(token);
  try {
    return moduleRef.get(nestToken, { strict: true });
  } catch {
    return moduleRef.get(nestToken, { strict: false });
  }
}

/** Nest compares tokens by identity, as we do; only its types do not know tokens that are objects. */
export function asNestToken(token: Token): string | symbol | Class {
  return token as string | symbol | Class;
}
