import { PipelineModule } from 'stageflow';
import { FileSystem } from '../services/file-system.js';
import { InstalledFolders } from '../services/installed-folders.js';
import { LockfileReader } from '../services/lockfile-reader.js';
import { PackageScanner } from '../services/package-scanner.js';

/** Reading the project. How the folders are found is its own business, so it does not export that. */
@PipelineModule({
  providers: [FileSystem, InstalledFolders, LockfileReader, PackageScanner],
  exports: [FileSystem, LockfileReader, PackageScanner],
})
export class ProjectModule {}
