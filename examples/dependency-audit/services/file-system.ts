import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { Injectable } from 'stageflow';

export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

/** All the reading the audit does. One place, so that a test can put another in its stead. */
@Injectable()
export class FileSystem {
  readText(file: string): Promise<string> {
    return readFile(file, 'utf8');
  }

  async entries(folder: string): Promise<readonly FolderEntry[]> {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .map((entry): FolderEntry => ({ name: entry.name, kind: kindOf(entry) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The entries, or none if there is no such folder. */
  async entriesIfAny(folder: string): Promise<readonly FolderEntry[]> {
    try {
      return await this.entries(folder);
    } catch (error) {
      if (isAbsence(error)) return [];
      throw error;
    }
  }

  /** The text, or null if there is no such file. */
  async readTextIfAny(file: string): Promise<string | null> {
    try {
      return await this.readText(file);
    } catch (error) {
      if (isAbsence(error)) return null;
      throw error;
    }
  }

  /** In bytes; of the link itself if `file` is one. */
  async size(file: string): Promise<number> {
    return (await lstat(file)).size;
  }

  /** Follows links; false if there is nothing, or a link that leads nowhere. */
  async isFolder(folder: string): Promise<boolean> {
    try {
      return (await stat(folder)).isDirectory();
    } catch {
      return false;
    }
  }

  /** Where a folder really is, links followed; null if there is none. */
  async resolveFolder(folder: string): Promise<string | null> {
    return (await this.isFolder(folder)) ? realpath(folder) : null;
  }

  async isLink(file: string): Promise<boolean> {
    return (await lstat(file)).isSymbolicLink();
  }
}

/** Whether `file` lies in `folder`, or is it. */
export function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

function isAbsence(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function kindOf(entry: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean }): FolderEntry['kind'] {
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isDirectory()) return 'folder';
  return entry.isFile() ? 'file' : 'other';
}
