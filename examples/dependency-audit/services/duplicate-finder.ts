import semver from 'semver';
import { Injectable } from 'stageflow';
import type { AuditedPackage } from './packages.js';

export interface Duplicate {
  readonly name: string;
  /** Oldest first. */
  readonly versions: readonly { readonly version: string; readonly locations: readonly string[] }[];
}

/** Finds packages that are installed in more than one version. */
@Injectable()
export class DuplicateFinder {
  find(packages: readonly AuditedPackage[]): Duplicate[] {
    const byName = new Map<string, Map<string, string[]>>();
    for (const { name, version, location, folder } of packages) {
      if (folder === null || version === null) continue;
      const versions = byName.get(name) ?? new Map<string, string[]>();
      byName.set(name, versions.set(version, [...(versions.get(version) ?? []), location]));
    }
    return [...byName]
      .filter(([, versions]) => versions.size > 1)
      .map(([name, versions]) => ({
        name,
        versions: [...versions]
          .map(([version, locations]) => ({ version, locations }))
          .sort((a, b) => compareVersions(a.version, b.version)),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

function compareVersions(a: string, b: string): number {
  if (semver.valid(a) !== null && semver.valid(b) !== null) return semver.compare(a, b);
  return a < b ? -1 : 1;
}
