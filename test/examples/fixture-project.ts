import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

type Json = Record<string, unknown>;

/** A project made for one test, in a folder of its own that goes with the test. */
export class FixtureProject implements AsyncDisposable {
  readonly folder: string;
  readonly #locked: Json = {};
  #manifest: Json = { name: 'fixture', version: '1.0.0' };

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(manifest: Json = {}): Promise<FixtureProject> {
    const project = new FixtureProject(await realpath(await mkdtemp(path.join(tmpdir(), 'fixture project-'))));
    project.#manifest = { ...project.#manifest, ...manifest };
    await project.file('package.json', project.#manifest);
    return project;
  }

  at(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  /** Writes one file; objects become JSON. */
  async file(name: string, content: string | Json): Promise<this> {
    const file = this.at(name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    return this;
  }

  async link(name: string, target: string): Promise<this> {
    await mkdir(path.dirname(this.at(name)), { recursive: true });
    await symlink(target, this.at(name), 'dir');
    return this;
  }

  /** Names a package in the lockfile only. */
  lock(location: string, entry: Json): this {
    this.#locked[location] = entry;
    return this;
  }

  /** Names a package in the lockfile and installs it. */
  async install(name: string, manifest: Json = {}, locked: Json = {}): Promise<this> {
    const location = name.startsWith('node_modules/') ? name : `node_modules/${name}`;
    const own = location.slice(location.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const full = { name: own, version: '1.0.0', license: 'MIT', ...manifest };
    this.lock(location, { version: full.version, ...locked });
    return this.file(`${location}/package.json`, full);
  }

  async writeLockfile(lockfileVersion: 2 | 3 = 3): Promise<this> {
    const packages = { '': this.#manifest, ...this.#locked };
    return this.file('package-lock.json', { ...this.#manifest, lockfileVersion, packages });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
