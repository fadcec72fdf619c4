import { invalidArtifact } from './artifact-checks.js';
import { ArtifactFolder } from './artifact-folder.js';
import type { ArtifactStore } from './artifact-store.js';
import { FileBackend } from './file-backend.js';
import { TenantArtifacts } from './tenant-artifacts.js';

/**
 * Keeps artifacts as files in a folder, which may be shared by several processes. An artifact appears there whole or not
 * at all; what a killed process leaves behind is never seen, and removed by {@link sweep}. Names become hashes in paths,
 * so any name is safe. Files are readable by their owner only.
 */
export class FileArtifactStore implements ArtifactStore {
  readonly #folder: ArtifactFolder;

  /**
   * @param folder is made when it is first written to. Nothing else belongs into it.
   * @throws StageflowError with ARTIFACT_INVALID if it is not a path.
   */
  constructor(folder: string) {
    if (typeof folder !== 'string' || folder.trim() === '' || folder.includes('\0')) {
      throw invalidArtifact('The folder of FileArtifactStore must be a path.', 'Give it one.', 'folder');
    }
    this.#folder = new ArtifactFolder(folder);
  }

  forTenant(tenant: string | null): TenantArtifacts {
    return new TenantArtifacts(tenant, new FileBackend(this.#folder));
  }

  /**
   * Removes what writers left that were killed, and says how many files. Call it now and then, with a time before which
   * no writer that is still alive can have written last, such as a day ago.
   */
  async sweep({ writtenBefore }: { readonly writtenBefore: Date }): Promise<number> {
    return this.#folder.sweep(writtenBefore);
  }
}
