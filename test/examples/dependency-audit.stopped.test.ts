import { readdir, readFile } from 'node:fs/promises';
import { CallbackSink, type PipelineEvent, Stageflow } from 'stageflow';
import { describe, expect, it } from 'vitest';
import { audit } from '../../examples/dependency-audit/audit.js';
import { ExitCode, exitCodeOf } from '../../examples/dependency-audit/exit-code.js';
import { AuditModule } from '../../examples/dependency-audit/modules/audit.module.js';
import { type ReportDraft, ReportWriter } from '../../examples/dependency-audit/services/report-writer.js';
import { WriteReport } from '../../examples/dependency-audit/stages/write-report.js';
import { FixtureProject } from './fixture-project.js';
import { oddProject } from './odd-project.js';

describe('bad input', () => {
  it.each([
    ['no such folder', (project: FixtureProject) => project.at('absent'), /There is no folder/],
    ['no lockfile', (project: FixtureProject) => project.folder, /has no package-lock\.json/],
  ])('is one clear failure: %s', async (_case, folderOf, message) => {
    await using project = await FixtureProject.create();
    const outcome = await audit({ folder: folderOf(project), out: project.at('out') });
    expect(exitCodeOf(outcome)).toBe(ExitCode.BadInput);
    expect(outcome.results.failures).toMatchObject([{ stage: 'Discover', reason: expect.stringMatching(message) }]);
    expect(await readdir(project.folder)).toEqual(['package.json']);
  });

  it('is also a report that cannot be written where it should go', async () => {
    await using project = await FixtureProject.create();
    await project.writeLockfile();
    const outcome = await audit({ folder: project.folder, out: project.at('package.json') });
    expect(exitCodeOf(outcome)).toBe(ExitCode.BadInput);
    expect(outcome.results.stage(WriteReport).reason).toMatch(/report cannot be written to .*package\.json/);
  });
});

describe('a cancelled audit', () => {
  it('leaves no partial report behind, and an earlier one as it was', async () => {
    await using project = await FixtureProject.create();
    await project.install('a');
    await project.writeLockfile();
    await project.file('report/report.json', 'an earlier report');
    const stop = new AbortController();
    let filesWhenStopped: string[] = [];
    class HeldWriter extends ReportWriter {
      override async begin(out: string): Promise<ReportDraft> {
        const draft = await super.begin(out);
        const write = draft.write.bind(draft);
        draft.write = async (...args) => {
          await write(...args);
          filesWhenStopped = await readdir(out);
          stop.abort('enough');
        };
        return draft;
      }
    }
    await using app = await Stageflow.create(AuditModule, {
      overrides: [{ provide: ReportWriter, useClass: HeldWriter }],
    });
    const request = { folder: project.folder, out: project.at('report') };
    const outcome = await app.start(AuditModule, { input: request }, { signal: stop.signal }).result;

    expect(exitCodeOf(outcome)).toBe(ExitCode.Interrupted);
    expect(filesWhenStopped.sort()).toEqual(['report.json', 'report.json.partial', 'report.md.partial']);
    expect(await readdir(project.at('report'))).toEqual(['report.json']);
    expect(await readFile(project.at('report/report.json'), 'utf8')).toBe('an earlier report');
  });

  it('removes the folder that it made itself', async () => {
    await using project = await FixtureProject.create();
    const draft = await new ReportWriter().begin(project.at('new'));
    await draft.discard();
    expect(await readdir(project.folder)).toEqual(['package.json']);
  });

  it.each(['Discover', 'MeasureSizes'])('stops during %s', async (stage) => {
    await using project = await oddProject();
    const stop = new AbortController();
    const sink = new CallbackSink((event: PipelineEvent) => {
      if (event.type === 'stage.started' && event.stage === stage) stop.abort('enough');
    });
    const outcome = await audit(
      { folder: project.folder, out: project.at('out') },
      { sinks: [sink], signal: stop.signal },
    );
    expect(outcome).toMatchObject({ status: 'cancelled', error: { reason: 'enough' } });
    expect(outcome.results.stage(WriteReport).status).toBe('not-started');
    expect(await readdir(project.folder)).not.toContain('out');
  });
});
