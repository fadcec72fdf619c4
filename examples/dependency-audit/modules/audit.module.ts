import { PipelineModule } from 'stageflow';
import { ReportWriter } from '../services/report-writer.js';
import { CheckEngines } from '../stages/check-engines.js';
import { DetectLicences } from '../stages/detect-licences.js';
import { Discover } from '../stages/discover.js';
import { FindDuplicates } from '../stages/find-duplicates.js';
import { JudgeLicences } from '../stages/judge-licences.js';
import { LicenceGuard } from '../stages/licence-guard.js';
import { MeasureSizes } from '../stages/measure-sizes.js';
import { WriteReport } from '../stages/write-report.js';
import { ChecksModule } from './checks.module.js';
import { LicencePolicyModule } from './licence-policy.module.js';
import { ProjectModule } from './project.module.js';

/** Licences that ask more of a product than its authors may have agreed to. */
export const DEFAULT_DENY = ['AGPL-*', 'GPL-*', 'SSPL-*', 'BUSL-*', 'CC-BY-NC-*'];

@PipelineModule({
  name: 'dependency-audit',
  imports: [ProjectModule, ChecksModule, LicencePolicyModule.with({ deny: DEFAULT_DENY })],
  providers: [ReportWriter],
  stages: [
    Discover,
    DetectLicences,
    MeasureSizes,
    FindDuplicates,
    CheckEngines,
    JudgeLicences,
    LicenceGuard,
    WriteReport,
  ],
  failurePolicy: 'continue', // one check that fails must not take the others, or the report, with it
})
export class AuditModule {}
