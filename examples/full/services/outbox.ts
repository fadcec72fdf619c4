import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Files that leave the desk: answers to customers, and notes on their orders. */
export class Outbox {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async write(name: string, text: string): Promise<string> {
    const file = this.#pathOf(name);
    await mkdir(this.folder, { recursive: true });
    await writeFile(file, text);
    return file;
  }

  /** Null if there is no such file. */
  async read(name: string): Promise<string | null> {
    return readFile(this.#pathOf(name), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
  }

  async remove(name: string): Promise<void> {
    await rm(this.#pathOf(name), { force: true });
  }

  /** Names come from models, too: what is no plain name is refused. */
  #pathOf(name: string): string {
    if (!/^[\w-]{1,80}\.txt$/.test(name)) throw new Error(`"${name}" is no name of a file in the outbox.`);
    return path.join(this.folder, name);
  }
}
