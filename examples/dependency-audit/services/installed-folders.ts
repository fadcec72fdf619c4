import path from 'node:path';
import { Injectable } from 'stageflow';
import { FileSystem } from './file-system.js';

/** Finds what is installed, whatever the lockfile says. */
@Injectable()
export class InstalledFolders {
  constructor(private readonly files: FileSystem) {}

  /** Every package folder below `node_modules` of `projectFolder`, relative to it. Links are named, not followed. */
  async list(projectFolder: string, signal: AbortSignal): Promise<string[]> {
    const found: string[] = [];
    const unvisited = ['node_modules'];
    for (let folder = unvisited.pop(); folder !== undefined; folder = unvisited.pop()) {
      signal.throwIfAborted();
      for (const entry of await this.files.entriesIfAny(path.join(projectFolder, folder))) {
        if (entry.name.startsWith('.') || (entry.kind !== 'folder' && entry.kind !== 'link')) continue;
        const location = `${folder}/${entry.name}`;
        if (isScope(location)) {
          unvisited.push(location);
          continue;
        }
        found.push(location);
        if (entry.kind === 'folder') unvisited.push(`${location}/node_modules`);
      }
    }
    return found.sort();
  }
}

/** `node_modules/@scope` holds packages, it is none. */
function isScope(location: string): boolean {
  return path.posix.basename(location).startsWith('@');
}
