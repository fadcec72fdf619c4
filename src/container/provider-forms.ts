import { type Class, isToken, readOwnMetadata, Scope, tokenName } from '../metadata/index.js';
import { factoryRequests } from './dependency-request.js';
import { CIRCULAR_FILES, nameValue, type ProblemList } from './problem-list.js';
import type { ProviderRecord, ProviderSource } from './wiring-records.js';

/** What one entry of `providers` or `overrides` says, wherever it stands. */
export type ReadProvider = Pick<ProviderRecord, 'token' | 'source' | 'scope'>;

const FORMS = ['useClass', 'useValue', 'useFactory', 'useExisting'] as const;
type Form = (typeof FORMS)[number];
type Entry = Readonly<Record<string, unknown>>;

const FORMS_FIX = `Write { provide: TOKEN } with one of ${FORMS.join(', ')}.`;

/** A class that provides itself. */
export function fromClass(target: Class): ReadProvider {
  return { token: target, source: { kind: 'class', useClass: target }, scope: declaredScope(target) };
}

/** Reads one of the four forms with `provide`; reports what is wrong with it and gives undefined. */
export function readProvider(provider: unknown, where: string, problems: ProblemList): ReadProvider | undefined {
  const refuse = (what: string, fix: string): undefined => {
    problems.add('DI_INVALID_PROVIDER', `${where} ${what}`, fix, { where });
    return undefined;
  };
  if (typeof provider !== 'object' || provider === null || !('provide' in provider)) {
    const fix = provider === undefined ? CIRCULAR_FILES : `List a class, or write { provide: TOKEN, use… }.`;
    return refuse(`is ${nameValue(provider)}, which is not a provider.`, fix);
  }
  const entry = provider as Entry;
  const token = entry.provide;
  if (!isToken(token)) return refuse(`provides ${nameValue(token)}, which is not a token.`, tokenFix(token));
  const [form, second] = FORMS.filter((key) => key in entry);
  if (form === undefined) return refuse(`says nothing about what ${tokenName(token)} is.`, FORMS_FIX);
  if (second !== undefined) return refuse(`has both ${form} and ${second}.`, 'Keep one of them.');
  const source = readSource(form, entry, tokenName(token));
  if (typeof source === 'string') return refuse(`has ${source}`, tokenFix(entry[form]));
  const { scope } = entry;
  if (scope !== undefined && !isScope(scope)) {
    return refuse(`has the unknown scope ${nameValue(scope)}.`, `Use one of ${Object.values(Scope).join(', ')}.`);
  }
  const ofClass = source.kind === 'class' ? declaredScope(source.useClass) : null;
  return { token, source, scope: scope ?? ofClass };
}

/** What is wrong, if it is not a source. */
function readSource(form: Form, entry: Entry, owner: string): ProviderSource | string {
  const value = entry[form];
  const wrong = (expected: string): string => `${nameValue(value)} as ${form}, which is not ${expected}.`;
  if (form === 'useValue') return { kind: 'value', value };
  if (form === 'useExisting') return isToken(value) ? { kind: 'existing', token: value } : wrong('a token');
  if (typeof value !== 'function') return wrong(form === 'useClass' ? 'a class' : 'a function');
  if (form === 'useClass') return { kind: 'class', useClass: value as Class };
  const inject = entry.inject ?? [];
  if (!Array.isArray(inject)) return `${nameValue(inject)} as inject, which is not a list.`;
  const bad = inject.findIndex((item) => !isToken(item?.token ?? item));
  if (bad >= 0) return `${nameValue(inject[bad])} at inject[${bad}], which is not a token.`;
  return { kind: 'factory', factory: value as () => unknown, requests: factoryRequests(inject, owner) };
}

const NEST_SCOPES: Readonly<Record<number, Scope>> = { 1: Scope.Transient, 2: Scope.Run };

/** What `@Injectable` says of exactly this class, or Nest's own `@Injectable`. */
function declaredScope(target: Class): Scope | null {
  const ours = readOwnMetadata('injectable', target);
  if (ours !== undefined) return ours.scope;
  const nest = Reflect.getOwnMetadata?.('scope:options', target) as { readonly scope?: number } | undefined;
  return NEST_SCOPES[nest?.scope ?? 0] ?? null;
}

function isScope(value: unknown): value is Scope {
  return (Object.values(Scope) as unknown[]).includes(value);
}

function tokenFix(value: unknown): string {
  return value === undefined ? CIRCULAR_FILES : 'A token is a class, token(…), a string or a symbol.';
}
