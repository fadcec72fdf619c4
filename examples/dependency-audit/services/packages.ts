/** What a package says of itself, unread: authors write these fields in many shapes. */
export interface Declaration {
  readonly from: 'package.json' | 'lockfile';
  readonly license: unknown;
  /** The older plural form. */
  readonly licenses: unknown;
  readonly engines: unknown;
}

/** A package as the lockfile promises it. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string | null;
  /** Its folder relative to the project, with forward slashes: the key in the lockfile. */
  readonly location: string;
  readonly dev: boolean;
  /** It may be missing, for example because it is for another platform. */
  readonly optional: boolean;
  readonly deprecated: string | null;
  readonly declaration: Declaration;
}

/** One package of the project, with everything the checks need to look at it. */
export interface AuditedPackage {
  readonly name: string;
  readonly version: string | null;
  readonly location: string;
  /** Absolute; null if nothing is installed there. Links are already followed. */
  readonly folder: string | null;
  /** It lies elsewhere: a workspace, a `file:` dependency or `npm link`. */
  readonly linked: boolean;
  readonly dev: boolean;
  readonly deprecated: string | null;
  readonly declaration: Declaration;
}

export interface Project {
  readonly name: string;
  readonly version: string | null;
  /** Absolute. */
  readonly folder: string;
  /** The Node range the project itself promises; null if it promises none. */
  readonly nodeRange: string | null;
  readonly lockfile: string;
  readonly lockfileVersion: number;
}

/** Something that could not be audited in full, and why. Never a reason to stop. */
export interface Notice {
  readonly kind: 'unreadable' | 'missing' | 'not-in-lockfile' | 'version-differs' | 'outside-project';
  readonly location: string;
  readonly message: string;
}

/** `lodash@4.17.21`, as people write it. */
export function packageId(of: { readonly name: string; readonly version: string | null }): string {
  return of.version === null ? of.name : `${of.name}@${of.version}`;
}
