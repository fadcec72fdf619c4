import path from 'node:path';
import { Injectable } from 'stageflow';
import { FileSystem } from './file-system.js';

export interface FolderSize {
  readonly files: number;
  readonly bytes: number;
}

/** Adds up the files of one package; those in its own `node_modules` belong to other packages. Follows no links. */
@Injectable()
export class SizeMeter {
  constructor(private readonly files: FileSystem) {}

  async measure(packageFolder: string, signal: AbortSignal): Promise<FolderSize> {
    let files = 0;
    let bytes = 0;
    const unvisited = [packageFolder];
    for (let folder = unvisited.pop(); folder !== undefined; folder = unvisited.pop()) {
      signal.throwIfAborted();
      for (const entry of await this.files.entries(folder)) {
        const place = path.join(folder, entry.name);
        if (entry.kind === 'folder') {
          if (entry.name !== 'node_modules') unvisited.push(place);
        } else if (entry.kind === 'file') {
          files += 1;
          bytes += await this.files.size(place);
        }
      }
    }
    return { files, bytes };
  }
}
