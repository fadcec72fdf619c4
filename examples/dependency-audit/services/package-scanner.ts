import path from 'node:path';
import { Injectable } from 'stageflow';
import { AuditInputError } from './audit-input-error.js';
import { FileSystem, isInside } from './file-system.js';
import { InstalledFolders } from './installed-folders.js';
import { type JsonObject, parseJsonObject, textOrNull } from './json-object.js';
import { declarationOf, nameOf } from './lockfile.js';
import type { Lockfile } from './lockfile-reader.js';
import { mapConcurrently } from './map-concurrently.js';
import type { AuditedPackage, Declaration, LockedPackage, Notice } from './packages.js';
import type { Watch } from './watch.js';

export interface Scan {
  readonly packages: readonly AuditedPackage[];
  readonly notices: readonly Notice[];
}

interface Examined {
  readonly package: AuditedPackage | null;
  readonly notices: readonly Notice[];
}

const NOTHING_DECLARED: Declaration = declarationOf({}, 'package.json');

/** Looks at each package on disk. One that cannot be read is reported, and audited as far as the lockfile knows it. */
@Injectable()
export class PackageScanner {
  constructor(
    private readonly files: FileSystem,
    private readonly installed: InstalledFolders,
  ) {}

  async scan({ project, packages }: Lockfile, watch: Watch): Promise<Scan> {
    await this.#refuseUninstalled(project.folder, packages);
    const locked = new Map(packages.map((entry) => [entry.location, entry]));
    const onDisk = await this.installed.list(project.folder, watch.signal);
    const locations = [...new Set([...locked.keys(), ...onDisk])].sort();
    const examined = await mapConcurrently(locations, watch, (location) =>
      this.#examine(project.folder, location, locked.get(location) ?? null),
    );
    return {
      packages: examined.flatMap((each) => each.package ?? []),
      notices: examined.flatMap((each) => each.notices),
    };
  }

  /** Without node_modules every check would find nothing wrong, which is not the same as nothing being wrong. */
  async #refuseUninstalled(folder: string, packages: readonly LockedPackage[]): Promise<void> {
    const needed = packages.some((entry) => !entry.optional);
    if (needed && !(await this.files.isFolder(path.join(folder, 'node_modules')))) {
      throw new AuditInputError(`${folder} has no node_modules. Run "npm ci" there first.`);
    }
  }

  async #examine(projectFolder: string, location: string, locked: LockedPackage | null): Promise<Examined> {
    const place = path.resolve(projectFolder, location);
    if (!isInside(projectFolder, place)) {
      return { package: null, notices: [notice('outside-project', location, 'is outside the project: not read')] };
    }
    const folder = await this.files.resolveFolder(place);
    if (folder !== null) return this.#examineFolder(folder, location, locked, await this.files.isLink(place));
    if (locked === null) {
      return { package: null, notices: [notice('unreadable', location, 'is a link that leads nowhere')] };
    }
    return {
      package: { ...locked, folder: null, linked: false },
      notices: locked.optional ? [] : [notice('missing', location, 'is in the lockfile, but not installed')],
    };
  }

  async #examineFolder(
    folder: string,
    location: string,
    locked: LockedPackage | null,
    linked: boolean,
  ): Promise<Examined> {
    const { manifest, problem } = await this.#readManifest(folder);
    const version = textOrNull(manifest?.version) ?? locked?.version ?? null;
    const declaration = manifest === null ? locked?.declaration : declarationOf(manifest, 'package.json');
    const notices: Notice[] = problem === null ? [] : [notice('unreadable', location, problem)];
    if (locked === null) {
      notices.push(notice('not-in-lockfile', location, 'is installed, but not in the lockfile'));
    } else if (locked.version !== null && version !== locked.version) {
      notices.push(notice('version-differs', location, `is ${version}, but the lockfile says ${locked.version}`));
    }
    return {
      package: {
        name: textOrNull(manifest?.name) ?? locked?.name ?? nameOf(location),
        version,
        location,
        folder,
        linked,
        dev: locked?.dev ?? false,
        deprecated: locked?.deprecated ?? null,
        declaration: declaration ?? NOTHING_DECLARED,
      },
      notices,
    };
  }

  async #readManifest(folder: string): Promise<{ manifest: JsonObject | null; problem: string | null }> {
    try {
      const text = await this.files.readTextIfAny(path.join(folder, 'package.json'));
      if (text === null) return { manifest: null, problem: 'has no package.json' };
      return { manifest: parseJsonObject(text), problem: null };
    } catch (error) {
      return { manifest: null, problem: `package.json ${error instanceof Error ? error.message : String(error)}` };
    }
  }
}

function notice(kind: Notice['kind'], location: string, message: string): Notice {
  return { kind, location, message };
}
