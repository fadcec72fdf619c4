import { isJsonObject, type JsonObject, textOrNull } from './json-object.js';
import type { Declaration, LockedPackage } from './packages.js';

const INSTALLED = 'node_modules/';

/** Lockfile versions 2 and 3: `packages` is a flat map from folder to package. */
export function packagesOfFlatLockfile(packages: JsonObject): LockedPackage[] {
  const locked: LockedPackage[] = [];
  for (const [location, entry] of Object.entries(packages)) {
    // The project itself, and workspaces: the latter are reached through the link that npm makes for them.
    if (!location.includes(INSTALLED) || !isJsonObject(entry)) continue;
    const facts = entry.link === true ? packages[String(entry.resolved)] : entry;
    locked.push(lockedPackage(location, isJsonObject(facts) ? facts : {}, entry));
  }
  return locked;
}

/** Lockfile version 1: `dependencies` nest like the folders do. */
export function packagesOfNestedLockfile(dependencies: JsonObject, parent = ''): LockedPackage[] {
  const locked: LockedPackage[] = [];
  for (const [name, entry] of Object.entries(dependencies)) {
    if (!isJsonObject(entry)) continue;
    const location = `${parent}${INSTALLED}${name}`;
    locked.push(lockedPackage(location, withPlainVersion(entry), entry));
    if (isJsonObject(entry.dependencies)) {
      locked.push(...packagesOfNestedLockfile(entry.dependencies, `${location}/`));
    }
  }
  return locked;
}

function lockedPackage(location: string, facts: JsonObject, flags: JsonObject): LockedPackage {
  const devOptional = flags.devOptional === true;
  return {
    name: textOrNull(facts.name) ?? nameOf(location),
    version: textOrNull(facts.version),
    location,
    dev: flags.dev === true || devOptional,
    optional: flags.optional === true || devOptional,
    deprecated: textOrNull(facts.deprecated),
    declaration: declarationOf(facts, 'lockfile'),
  };
}

/** `node_modules/a/node_modules/@scope/b` is where `@scope/b` lies. */
export function nameOf(location: string): string {
  return location.slice(location.lastIndexOf(INSTALLED) + INSTALLED.length);
}

/** Version 1 writes an alias as `npm:real-name@1.2.3`, and for links and archives a URL where the version would stand. */
function withPlainVersion(entry: JsonObject): JsonObject {
  const version = String(entry.version);
  const alias = /^npm:(?<name>.+)@(?<version>[^@]+)$/.exec(version);
  if (alias?.groups !== undefined) return { ...entry, ...alias.groups };
  return version.includes(':') ? { ...entry, version: null } : entry;
}

export function declarationOf(facts: JsonObject, from: Declaration['from']): Declaration {
  return { from, license: facts.license, licenses: facts.licenses, engines: facts.engines };
}
