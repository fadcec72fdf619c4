import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Inject, Injectable, token } from 'stageflow';
import { rank } from './rank.js';

/** The folder with the documents that answers are made of. */
export const DOCUMENTS_PATH = token<string>('DOCUMENTS_PATH');

/** A paragraph of a document, by which an answer can be checked. */
export interface Passage {
  /** Name of the file. */
  readonly document: string;
  readonly text: string;
}

const MOST = 3;

/** Reads the files each time: they are few, and somebody may have changed one. */
@Injectable()
export class Documents {
  constructor(@Inject(DOCUMENTS_PATH) private readonly folder: string) {}

  /** What fits a question best, the best first; nothing if nothing fits. */
  async search(question: string, signal: AbortSignal): Promise<readonly Passage[]> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith('.md')).sort();
    const texts = await Promise.all(
      names.map((name) => readFile(path.join(this.folder, name), { encoding: 'utf8', signal })),
    );
    const passages = texts.flatMap((text, index) => passagesOf(names[index] ?? '', text));
    return rank(question, passages, MOST);
  }
}

function passagesOf(document: string, text: string): readonly Passage[] {
  return text
    .split(/\r?\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll(/\s+/g, ' ').trim())
    .filter((paragraph) => paragraph !== '' && !paragraph.startsWith('#'))
    .map((paragraph) => ({ document, text: paragraph }));
}
