import {
  type Class,
  type ConstructorParameter,
  constructorParameters,
  constructorProblems,
  type FactoryDependency,
  isLazyToken,
  isToken,
  type Token,
} from '../metadata/index.js';
import { nameValue, ProblemList } from './problem-list.js';
import type { DependencyRequest, ProviderRecord } from './wiring-records.js';

/** What a provider asks for; null where `undefined` is passed because nothing says what else. */
export function requestsOf(record: ProviderRecord, problems: ProblemList): readonly (DependencyRequest | null)[] {
  const { source } = record;
  if (source.kind === 'class') return classRequests(source.useClass, problems);
  if (source.kind === 'factory') return source.requests;
  return source.kind === 'existing' ? [request(source.token, 'useExisting')] : [];
}

/** What the constructor of a class asks for, for containers that have read and reported what is wrong with it. */
export function constructorRequests(target: Class): readonly (DependencyRequest | null)[] {
  return classRequests(target, new ProblemList());
}

/** @param inject checked before: tokens and `{ token, optional }`. */
export function factoryRequests(inject: readonly FactoryDependency[], owner: string): readonly DependencyRequest[] {
  return inject.map((entry, index) => {
    const place = `inject[${index}] of the factory of ${owner}`;
    if (typeof entry !== 'object' || !('token' in entry)) return request(entry, place);
    return { ...request(entry.token, place), optional: entry.optional };
  });
}

export function request(token: Token, place: string): DependencyRequest {
  return { token, optional: false, form: 'value', multiple: false, transform: null, place };
}

function classRequests(target: Class, problems: ProblemList): readonly (DependencyRequest | null)[] {
  const parameters = constructorParameters(target);
  if (parameters.some(isUnknown)) problems.include(constructorProblems(target));
  return parameters.map((parameter) => parameterRequest(target, parameter, problems));
}

/** An optional parameter without a token is as good as one with a default: `undefined` is a fine answer. */
function isUnknown({ token, hasDefault, optional }: ConstructorParameter): boolean {
  return token === undefined && !hasDefault && !optional;
}

function parameterRequest(
  target: Class,
  parameter: ConstructorParameter,
  problems: ProblemList,
): DependencyRequest | null {
  const { token, multiple, transform, standIn } = parameter;
  if (token === undefined) return null;
  const place = `constructor parameter "${parameter.name}" of ${target.name}`;
  const optional = parameter.optional || parameter.hasDefault;
  if (!isLazyToken(token)) return { token, optional, form: 'value', multiple, transform, place };
  const named = nameLate(token.lazyToken, place, problems);
  if (named === undefined) return null;
  return { token: named, optional, form: standIn ? 'stand-in' : 'lazy', multiple, transform, place };
}

function nameLate(lazyToken: () => unknown, place: string, problems: ProblemList): Token | undefined {
  let named: unknown;
  try {
    named = lazyToken();
  } catch (error) {
    named = error;
  }
  if (isToken(named)) return named;
  problems.add(
    'METADATA_ERASED',
    `The lazy token of ${place} gives ${nameValue(named)}, which is not a token.`,
    'Return a class or a token that is defined by the time the application is created.',
    { place, value: nameValue(named) },
  );
  return undefined;
}
