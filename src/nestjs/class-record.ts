import { constructorRequests, type OutsideProvider } from '../container/index.js';
import { type Class, Scope } from '../metadata/index.js';

/** A class that provides itself, for all runs. */
export function fromClass(target: Class): OutsideProvider {
  const source = { kind: 'class', useClass: target } as const;
  const record = { token: target, home: null, role: 'interceptor', source, scope: Scope.Singleton } as const;
  return { record, requests: constructorRequests(target) };
}
