import { type Class, type Provider, readOwnMetadata, type Token, tokenName } from '../metadata/index.js';
import { isInterceptor } from '../stage/index.js';
import type { Overrides } from './overrides.js';
import { CIRCULAR_FILES, nameValue, type ProblemList } from './problem-list.js';
import { fromClass, type ReadProvider, readProvider } from './provider-forms.js';
import { isRunToken, runTokenFix } from './run-tokens.js';
import type { ModuleNode, ProviderRecord, ProviderRole } from './wiring-records.js';

/**
 * Fills `own` of one module: its providers, and its stages, tools and interceptor classes, which provide themselves
 * unless `providers` says how they are made.
 */
export function readProviders(module: ModuleNode, overrides: Overrides, problems: ProblemList): void {
  const { roles, repeated } = listedClasses(module, problems);
  module.definition.providers.forEach((provider, index) => {
    const where = `providers[${index}] of ${module.name}`;
    const read = readEntry(provider, where, problems);
    if (read === undefined) return;
    if (module.own.has(read.token)) reportDuplicate(module, read.token, 'providers', problems);
    else define({ ...read, home: module, role: roles.get(read.token as Class) ?? 'provider' }, overrides);
  });
  for (const [entry, role] of roles) {
    if (!module.own.has(entry)) define(listedRecord(entry, role, module), overrides);
  }
  for (const [entry, role] of repeated) reportDuplicate(module, entry, `${role}s`, problems);
}

function listedRecord(entry: Class, role: ProviderRole, home: ModuleNode): HomedRecord {
  const { token, source, scope } = fromClass(entry);
  return { token, home, role, source, scope };
}

type HomedRecord = ProviderRecord & { readonly home: ModuleNode };

function define(record: HomedRecord, overrides: Overrides): void {
  record.home.own.set(record.token, overrides.apply(record));
}

/** The classes that are listed, each under where it is listed first, and those that are listed again. */
interface ListedClasses {
  readonly roles: Map<Class, ProviderRole>;
  readonly repeated: (readonly [Class, ProviderRole])[];
}

function listedClasses({ definition, name }: ModuleNode, problems: ProblemList): ListedClasses {
  const lists = [
    ['stage', 'stages', definition.stages],
    ['tool', 'tools', definition.tools],
    ['interceptor', 'interceptors', definition.interceptors],
  ] as const;
  const listed: ListedClasses = { roles: new Map(), repeated: [] };
  for (const [role, list, entries] of lists) {
    entries.forEach((entry: unknown, index) => {
      if (typeof entry === 'function') add(listed, entry as Class, role);
      else if (role !== 'interceptor' || !isInterceptor(entry)) {
        reportNoClass(`${list}[${index}] of ${name}`, entry, problems);
      }
    });
  }
  return listed;
}

function add({ roles, repeated }: ListedClasses, entry: Class, role: ProviderRole): void {
  if (roles.has(entry)) repeated.push([entry, role]);
  else roles.set(entry, role);
}

function readEntry(provider: Provider, where: string, problems: ProblemList): ReadProvider | undefined {
  if (typeof provider === 'function') return readClass(provider, where, problems);
  const read = readProvider(provider, where, problems);
  if (read === undefined || !isRunToken(read.token)) return read;
  problems.add(
    'DI_INVALID_PROVIDER',
    `${where} provides ${tokenName(read.token)}, which comes with each run.`,
    runTokenFix(read.token),
    {
      where,
      token: tokenName(read.token),
    },
  );
  return undefined;
}

function readClass(target: Class, where: string, problems: ProblemList): ReadProvider | undefined {
  if (isRunToken(target)) {
    const message = `${where} is ${target.name}, which comes with each run.`;
    problems.add('DI_INVALID_PROVIDER', message, runTokenFix(target), { where, token: target.name });
    return undefined;
  }
  if (readOwnMetadata('module', target) !== undefined) {
    const message = `${where} is ${target.name}, which is a module.`;
    problems.add('DI_INVALID_PROVIDER', message, 'Move it to imports.', { where, module: target.name });
    return undefined;
  }
  return fromClass(target);
}

function reportNoClass(where: string, entry: unknown, problems: ProblemList): void {
  problems.add(
    'DI_INVALID_PROVIDER',
    `${where} is ${nameValue(entry)}, which is not a class.`,
    entry === undefined ? CIRCULAR_FILES : 'List the class itself.',
    { where, value: nameValue(entry) },
  );
}

function reportDuplicate(module: ModuleNode, token: Token, list: string, problems: ProblemList): void {
  const name = tokenName(token);
  problems.add(
    'DI_DUPLICATE_PROVIDER',
    `Module ${module.name} lists ${name} twice in its ${list}.`,
    'Keep one of them.',
    { module: module.name, token: name, list },
  );
}
