/*
 * Events as JSON lines in a file.
 *
 * Invariants
 *  1. Lines are appended in the order of `emit`, one write at a time, each write of whole lines.
 *  2. What was accepted is in the file when `flush` or `close` resolves, unless a write failed, which is counted and told.
 *  3. A file that was renamed or removed is not written to any more: the next write makes it anew under its path.
 */
import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EventSink } from '../events/index.js';
import { eventJson } from './event-json.js';

export interface FileSinkOptions {
  /** How many bytes may wait to be written; events beyond are dropped and counted. Default 64 MiB. */
  readonly maxPendingBytes?: number;
  /** Told when lines could not be written. Default: nothing but `failed`, which counts them. */
  readonly onError?: (error: unknown, lines: number) => void;
}

const DEFAULT_PENDING_BYTES = 64 * 1024 * 1024;

/** Appends events to a file, one JSON object a line. Close it after the application: `await sink.close()`. */
export class FileSink implements EventSink {
  readonly path: string;
  readonly #options: FileSinkOptions;
  #lines: string[] = [];
  #pendingBytes = 0;
  #dropped = 0;
  #failed = 0;
  #closed = false;
  #file: { readonly handle: FileHandle; readonly id: string } | null = null;
  /** Settles when nothing is left to write; null while nothing is under way. */
  #writing: Promise<void> | null = null;

  /** @param path made with its folder when the first event comes, readable by its owner only */
  constructor(path: string, options: FileSinkOptions = {}) {
    this.path = path;
    this.#options = options;
  }

  /** Events that were not accepted: too much was waiting, or the sink was closed. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Events that were accepted and could not be written. */
  get failed(): number {
    return this.#failed;
  }

  /** @param event an event, a wide event, or any other record */
  emit(event: object): void {
    const line = `${eventJson(event)}\n`;
    const bytes = Buffer.byteLength(line);
    if (this.#closed || this.#pendingBytes + bytes > (this.#options.maxPendingBytes ?? DEFAULT_PENDING_BYTES)) {
      this.#dropped++;
      return;
    }
    this.#lines.push(line);
    this.#pendingBytes += bytes;
    this.#writing ??= Promise.resolve().then(() => this.#write());
  }

  /** Resolves when everything accepted so far has been written. */
  async flush(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  /** Refuses what comes from now on, writes what is left, and closes the file. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
    await this.#release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #write(): Promise<void> {
    while (this.#lines.length > 0) {
      const lines = this.#lines;
      const bytes = this.#pendingBytes;
      this.#lines = [];
      try {
        const handle = await this.#current();
        await handle.appendFile(lines.join(''));
      } catch (error) {
        await this.#release();
        this.#lost(error, lines.length);
      }
      this.#pendingBytes -= bytes;
    }
    this.#writing = null;
  }

  /** The file that is under the path now: somebody may have put the one we have elsewhere. */
  async #current(): Promise<FileHandle> {
    if (this.#file !== null && (await idOf(this.path)) === this.#file.id) return this.#file.handle;
    await this.#release();
    await mkdir(dirname(this.path), { recursive: true });
    const handle = await open(this.path, 'a', 0o600);
    const { dev, ino } = await handle.stat();
    this.#file = { handle, id: `${dev}:${ino}` };
    return handle;
  }

  async #release(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.handle.close().catch(() => {}); // it is given up either way
  }

  #lost(error: unknown, lines: number): void {
    this.#failed += lines;
    try {
      this.#options.onError?.(error, lines);
    } catch {
      // It is told; what it makes of that must not keep the rest from being written.
    }
  }
}

async function idOf(path: string): Promise<string | null> {
  try {
    const { dev, ino } = await stat(path);
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}
