import path from 'node:path';
import { Injectable } from 'stageflow';
import { AuditInputError } from './audit-input-error.js';
import { FileSystem } from './file-system.js';
import { isJsonObject, type JsonObject, parseJsonObject, textOrNull } from './json-object.js';
import { packagesOfFlatLockfile, packagesOfNestedLockfile } from './lockfile.js';
import type { LockedPackage, Project } from './packages.js';

/** In the order npm prefers them. */
const LOCKFILES = ['npm-shrinkwrap.json', 'package-lock.json'];
const OTHER_LOCKFILES = ['pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'];

export interface Lockfile {
  readonly project: Project;
  readonly packages: readonly LockedPackage[];
}

/** Reads what a project promises to install. Everything it cannot read is an `AuditInputError`. */
@Injectable()
export class LockfileReader {
  constructor(private readonly files: FileSystem) {}

  async read(projectFolder: string): Promise<Lockfile> {
    const folder = path.resolve(projectFolder);
    if (!(await this.files.isFolder(folder))) throw new AuditInputError(`There is no folder ${folder}.`);
    const lockfile = await this.#find(folder);
    const content = this.#parse(path.join(folder, lockfile.name), lockfile.text);
    const root = isJsonObject(content.packages) && isJsonObject(content.packages['']) ? content.packages[''] : {};
    const manifest = await this.#manifest(folder);
    const engines = manifest.engines ?? root.engines;
    return {
      project: {
        name: textOrNull(manifest.name) ?? textOrNull(content.name) ?? path.basename(folder),
        version: textOrNull(manifest.version) ?? textOrNull(content.version),
        folder,
        nodeRange: isJsonObject(engines) ? textOrNull(engines.node) : null,
        lockfile: lockfile.name,
        lockfileVersion: Number(content.lockfileVersion ?? 1),
      },
      packages: this.#packages(path.join(folder, lockfile.name), content),
    };
  }

  async #find(folder: string): Promise<{ name: string; text: string }> {
    for (const name of LOCKFILES) {
      const text = await this.#readText(path.join(folder, name));
      if (text !== null) return { name, text };
    }
    const present = new Set((await this.files.entriesIfAny(folder)).map((entry) => entry.name));
    const other = OTHER_LOCKFILES.find((name) => present.has(name));
    throw new AuditInputError(
      other === undefined
        ? `${folder} has no package-lock.json. Run "npm install" there first.`
        : `${folder} has ${other}, but this audit reads npm's package-lock.json only.`,
    );
  }

  async #readText(file: string): Promise<string | null> {
    try {
      return await this.files.readTextIfAny(file);
    } catch (error) {
      throw new AuditInputError(`${file} cannot be read: ${String(error)}`, { cause: error });
    }
  }

  #parse(file: string, text: string): JsonObject {
    try {
      return parseJsonObject(text);
    } catch (error) {
      throw new AuditInputError(`${file} ${(error as Error).message}.`, { cause: error });
    }
  }

  #packages(file: string, content: JsonObject): LockedPackage[] {
    if (isJsonObject(content.packages)) return packagesOfFlatLockfile(content.packages);
    if (isJsonObject(content.dependencies)) return packagesOfNestedLockfile(content.dependencies);
    if (content.lockfileVersion === 1) return []; // npm 6 leaves `dependencies` out when there are none
    throw new AuditInputError(`${file} has neither "packages" nor "dependencies": it is not a lockfile of npm.`);
  }

  /** The project's own package.json adds nothing that the audit cannot do without. */
  async #manifest(folder: string): Promise<JsonObject> {
    try {
      return parseJsonObject(await this.files.readText(path.join(folder, 'package.json')));
    } catch {
      return {};
    }
  }
}
