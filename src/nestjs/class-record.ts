import type { ProviderRecord } from '../container/index.js';
import { type Class, Scope } from '../metadata/index.js';

/** A class that provides itself, for all runs. */
export function fromClassRecord(target: Class): ProviderRecord {
  return {
    token: target,
    home: null,
    role: 'interceptor',
    source: { kind: 'class', useClass: target },
    scope: Scope.Singleton,
  };
}
