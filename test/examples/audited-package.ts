import type { AuditedPackage, Declaration } from '../../examples/dependency-audit/services/packages.js';
import type { Watch } from '../../examples/dependency-audit/services/watch.js';

/** A package for a check to look at; what a test does not say is unremarkable. */
export function auditedPackage(
  over: Partial<Omit<AuditedPackage, 'declaration'>> & Partial<Declaration> = {},
): AuditedPackage {
  const { license, licenses, engines, from = 'package.json', ...rest } = over;
  return {
    name: 'a',
    version: '1.0.0',
    location: 'node_modules/a',
    folder: '/nowhere',
    linked: false,
    dev: false,
    deprecated: null,
    declaration: { from, license, licenses, engines },
    ...rest,
  };
}

/** For a check that nobody stops or looks at. */
export function unwatched(): Watch {
  return { signal: new AbortController().signal, progress() {} };
}
