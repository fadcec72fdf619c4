import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Inject, Injectable, token } from 'stageflow';

/** A file in the folder itself: no path, nothing hidden. */
export const NOTE_NAME = /^[a-z0-9][a-z0-9_-]{0,63}\.md$/;

/** Where the notes are. */
export const NOTES_PATH = token<string>('NOTES_PATH');

/** Something about a note is not as it has to be. The message is for whoever asked, a model included. */
export class NoteError extends Error {
  override readonly name = 'NoteError';
}

/**
 * The notes, and nothing else: the one place where names become paths. It does not trust its callers to have checked a name, and
 * follows no link, so that nothing outside its folder is read, written or deleted.
 */
@Injectable()
export class NotesFolder {
  constructor(@Inject(NOTES_PATH) private readonly folder: string) {}

  async names(): Promise<readonly string[]> {
    const entries = await readdir(this.folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && NOTE_NAME.test(entry.name))
      .map(({ name }) => name)
      .sort();
  }

  /** @throws NoteError if there is no such note */
  async read(name: string): Promise<string> {
    const text = await this.readIfAny(name);
    if (text === null) throw new NoteError(`There is no note "${name}".`);
    return text;
  }

  async readIfAny(name: string): Promise<string | null> {
    try {
      const file = await open(this.#pathOf(name), constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        return await readFile(file, 'utf8');
      } finally {
        await file.close();
      }
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      if (codeOf(error) === 'ELOOP') throw new NoteError(`"${name}" is a link, not a note.`);
      throw error;
    }
  }

  /** As a whole: nobody ever reads half of it. What stands at this name is replaced, and not written through. */
  async write(name: string, text: string): Promise<void> {
    const target = this.#pathOf(name);
    const draft = path.join(this.folder, `.${randomUUID()}.draft`);
    try {
      await writeFile(draft, text, { flag: 'wx' });
      await rename(draft, target);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  /** @throws NoteError if there is no such note */
  async remove(name: string): Promise<void> {
    try {
      await unlink(this.#pathOf(name));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw new NoteError(`There is no note "${name}".`);
      throw error;
    }
  }

  /** Every note with its text. */
  async all(): Promise<ReadonlyMap<string, string>> {
    const texts = new Map<string, string>();
    for (const name of await this.names()) texts.set(name, await this.read(name));
    return texts;
  }

  #pathOf(name: string): string {
    if (!NOTE_NAME.test(name)) throw new NoteError('A note is named like "shopping.md", without a folder.');
    return path.join(this.folder, name);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
