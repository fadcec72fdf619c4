import { DependsOn, type OptionalDependency, optional, Stage, type StageContext, StageKind } from 'stageflow';
import { composeReport } from '../services/report.js';
import { ReportWriter } from '../services/report-writer.js';
import { CheckEngines } from './check-engines.js';
import { DetectLicences } from './detect-licences.js';
import { type AuditRequest, Discover } from './discover.js';
import { FindDuplicates } from './find-duplicates.js';
import { JudgeLicences } from './judge-licences.js';
import { MeasureSizes } from './measure-sizes.js';

type Reads =
  | typeof Discover
  | OptionalDependency<typeof DetectLicences>
  | OptionalDependency<typeof MeasureSizes>
  | OptionalDependency<typeof FindDuplicates>
  | OptionalDependency<typeof CheckEngines>
  | OptionalDependency<typeof JudgeLicences>;

const CHECKS = [DetectLicences, MeasureSizes, FindDuplicates, CheckEngines, JudgeLicences];

/** Reports what there is: a check that failed leaves a gap that is named, and takes nothing else with it. */
@Stage({ kind: StageKind.Work })
@DependsOn(
  Discover,
  optional(DetectLicences),
  optional(MeasureSizes),
  optional(FindDuplicates),
  optional(CheckEngines),
  optional(JudgeLicences),
)
export class WriteReport {
  constructor(private readonly writer: ReportWriter) {}

  async execute(ctx: StageContext<Reads, AuditRequest>) {
    const report = composeReport({
      ...ctx.inputs.of(Discover),
      licences: ctx.inputs.of(DetectLicences),
      sizes: ctx.inputs.of(MeasureSizes),
      duplicates: ctx.inputs.of(FindDuplicates),
      engines: ctx.inputs.of(CheckEngines),
      judgement: ctx.inputs.of(JudgeLicences),
      gaps: CHECKS.flatMap((check) => {
        const { status, reason } = ctx.inputs.status(check);
        return status === 'ok' ? [] : { check: check.name, reason: reason ?? status };
      }),
    });
    const draft = await this.writer.begin(ctx.snapshot.input.out);
    ctx.onCleanup(() => draft.discard());
    await draft.write(report, ctx.signal);
    ctx.checkpoint();
    return { report, files: await draft.publish() };
  }
}
