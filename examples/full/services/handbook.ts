import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

export interface Page {
  readonly name: string;
  readonly text: string;
}

/** What the shop has told its clerks, in a folder of files. */
export class Handbook {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async pages(): Promise<readonly Page[]> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith('.md')).sort();
    return Promise.all(
      names.map(async (name) => ({
        name: path.parse(name).name,
        text: await readFile(path.join(this.#folder, name), 'utf8'),
      })),
    );
  }
}
