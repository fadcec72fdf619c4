import { type AuditedPackage, packageId } from './packages.js';

export interface Deprecation {
  readonly package: string;
  readonly location: string;
  /** What its authors say about it. */
  readonly message: string;
}

/** The packages whose authors have given them up, as far as the lockfile knows: npm notes it there from version 2 on. */
export function deprecations(packages: readonly AuditedPackage[]): Deprecation[] {
  return packages.flatMap((of) =>
    of.deprecated === null ? [] : { package: packageId(of), location: of.location, message: of.deprecated },
  );
}
