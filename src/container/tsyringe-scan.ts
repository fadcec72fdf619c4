import { type AbstractClass, constructorParameters, isLazyToken, type Token } from '../metadata/index.js';
import { isRunToken } from './run-tokens.js';
import type { TsyringeContainer } from './tsyringe-container.js';

/** What is wrong with something tsyringe builds itself, as the path of tokens that shows it. */
export interface ScanFinding {
  readonly kind: 'run' | 'cycle';
  readonly path: readonly Token[];
}

interface Visit {
  readonly token: Token;
  readonly needs: readonly Token[];
  next: number;
}

/**
 * Follows what tsyringe would build for a token, without building: to a run token, which something it keeps would keep
 * for all runs, or back to itself, where it would overflow the stack. Factories cannot be looked into.
 */
export function scanTsyringe(tsyringe: TsyringeContainer, root: Token): readonly ScanFinding[] {
  const findings: ScanFinding[] = [];
  const done = new Set<Token>();
  const open = new Set<Token>();
  const stack: Visit[] = [];
  const enter = (token: Token): void => {
    open.add(token);
    stack.push({ token, needs: neededBy(tsyringe, token), next: 0 });
  };
  enter(root);
  for (let visit = stack.at(-1); visit !== undefined; visit = stack.at(-1)) {
    const token = visit.needs[visit.next++];
    if (token === undefined) {
      stack.pop();
      open.delete(visit.token);
      done.add(visit.token);
    } else if (isRunToken(token) || open.has(token)) {
      const tokens = stack.map((entry) => entry.token);
      if (isRunToken(token)) findings.push({ kind: 'run', path: [...tokens, token] });
      else findings.push({ kind: 'cycle', path: [...tokens.slice(tokens.indexOf(token)), token] });
    } else if (!done.has(token)) {
      enter(token);
    }
  }
  return findings;
}

function neededBy(tsyringe: TsyringeContainer, token: Token): readonly Token[] {
  if (!tsyringe.has(token)) return typeof token === 'function' ? constructorTokens(token) : [];
  return tsyringe.registrations(token).flatMap(({ provider }) => {
    if (typeof provider.useClass === 'function') return constructorTokens(provider.useClass as AbstractClass);
    return typeof provider.useToken === 'object' || provider.useToken === undefined ? [] : [provider.useToken as Token];
  });
}

/** Delayed ones close no circle, and would be found where they are registered. */
function constructorTokens(target: AbstractClass): readonly Token[] {
  return constructorParameters(target).flatMap(({ token }) =>
    token === undefined || isLazyToken(token) ? [] : [token],
  );
}
