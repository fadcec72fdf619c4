import { Stage, type StageContext, StageKind } from 'stageflow';
import { LockfileReader } from '../services/lockfile-reader.js';
import { PackageScanner } from '../services/package-scanner.js';

/** What a run of the audit is started with. */
export interface AuditRequest {
  /** The project to audit. */
  readonly folder: string;
  /** Where the report goes; null for a new folder among the temporary files of the system. */
  readonly out: string | null;
}

@Stage({ kind: StageKind.Enrich })
export class Discover {
  constructor(
    private readonly lockfiles: LockfileReader,
    private readonly scanner: PackageScanner,
  ) {}

  async execute(ctx: StageContext<never, AuditRequest>) {
    const lockfile = await this.lockfiles.read(ctx.snapshot.input.folder);
    const { packages, notices } = await this.scanner.scan(lockfile, ctx);
    return { project: lockfile.project, packages, notices };
  }
}
