import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CallbackSink, type PipelineEvent, Stageflow } from 'stageflow';
import { Test } from 'stageflow/testing';
import { describe, expect, it } from 'vitest';
import { audit } from '../../examples/dependency-audit/audit.js';
import { ExitCode, exitCodeOf } from '../../examples/dependency-audit/exit-code.js';
import { AuditModule } from '../../examples/dependency-audit/modules/audit.module.js';
import { NODE_VERSION } from '../../examples/dependency-audit/services/engine-checker.js';
import { LicenceDetector, unknownLicence } from '../../examples/dependency-audit/services/licence-detector.js';
import { LICENCE_RULES, LicencePolicy } from '../../examples/dependency-audit/services/licence-policy.js';
import type { AuditedPackage } from '../../examples/dependency-audit/services/packages.js';
import type { AuditReport } from '../../examples/dependency-audit/services/report.js';
import { SizeMeter } from '../../examples/dependency-audit/services/size-meter.js';
import { CheckEngines } from '../../examples/dependency-audit/stages/check-engines.js';
import { DetectLicences } from '../../examples/dependency-audit/stages/detect-licences.js';
import { FindDuplicates } from '../../examples/dependency-audit/stages/find-duplicates.js';
import { JudgeLicences } from '../../examples/dependency-audit/stages/judge-licences.js';
import { LicenceGuard } from '../../examples/dependency-audit/stages/licence-guard.js';
import { MeasureSizes } from '../../examples/dependency-audit/stages/measure-sizes.js';
import { WriteReport } from '../../examples/dependency-audit/stages/write-report.js';
import { FixtureProject } from './fixture-project.js';
import { oddProject } from './odd-project.js';

type Overrides = NonNullable<NonNullable<Parameters<typeof Stageflow.create>[1]>['overrides']>;

async function reportIn(folder: string): Promise<AuditReport> {
  return JSON.parse(await readFile(path.join(folder, 'report.json'), 'utf8')) as AuditReport;
}

/** Like `audit`, with any provider replaced. */
async function auditWith(project: FixtureProject, overrides: Overrides) {
  await using app = await Stageflow.create(AuditModule, { overrides });
  return await app.start(AuditModule, { input: { folder: project.folder, out: project.at('report') } }).result;
}

describe('an audit of a project with packages of every odd kind', () => {
  it('reports each of them, and what could not be read, and loses nothing', async () => {
    await using project = await oddProject();
    const outcome = await audit({ folder: project.folder, out: project.at('out') });
    expect(outcome.status).toBe('completed');
    expect(exitCodeOf(outcome)).toBe(ExitCode.Accepted);

    const report = await reportIn(project.at('out'));
    expect(report).toMatchObject({
      project: { name: 'fixture', version: '1.0.0', lockfile: 'package-lock.json', lockfileVersion: 3 },
      verdict: 'accepted',
      reason: null,
      packages: { total: 12, notInstalled: 2 },
      denied: [],
      gaps: [],
      deprecated: [{ package: 'old@1.0.0', message: 'use "plain" | really' }],
      engines: [{ package: 'twin@2.0.0', range: '>=99', problem: 'not-this-node' }],
      duplicates: [{ name: 'twin', versions: [{ version: '1.0.0' }, { version: '2.0.0' }] }],
    });
    expect(report.licences?.counts).toEqual({
      MIT: 7,
      '(MIT OR Apache-2.0)': 1,
      '(MIT OR GPL-3.0)': 1,
      ISC: 1,
      'MPL-2.0': 1,
      unknown: 1,
    });
    expect(report.licences?.unknown.map((each) => each.package)).toEqual(['silent@1.0.0']);
    expect(report.sizes?.packages.map((each) => each.location)).toContain('node_modules/broken');
    expect(report.notices.map(({ kind, location }) => [kind, location])).toEqual([
      ['unreadable', 'node_modules/broken'],
      ['missing', 'node_modules/gone'],
    ]);
  });

  it('writes the same as Markdown, with what packages say kept out of the markup', async () => {
    await using project = await oddProject();
    await audit({ folder: project.folder, out: project.at('out') });
    const text = await readFile(project.at('out/report.md'), 'utf8');
    expect(text).toContain('# Dependency audit of fixture 1.0.0');
    expect(text).toContain('Licence policy: **accepted**');
    expect(text).toContain('| twin | 1.0.0 (1x), 2.0.0 (1x) |');
    expect(text).toContain('| old@1.0.0 | use "plain" \\| really |');
    expect(text).toContain('## Denied licences\n\nNone.');
    expect(text).toContain('| node_modules/gone | is in the lockfile, but not installed |');
  });

  it('gives the same report to the byte when nothing changed', async () => {
    await using project = await oddProject();
    for (const out of ['one', 'two']) await audit({ folder: project.folder, out: project.at(out) });
    for (const file of ['report.json', 'report.md']) {
      expect(await readFile(project.at('one', file), 'utf8')).toBe(await readFile(project.at('two', file), 'utf8'));
    }
  });
});

describe('the guard', () => {
  async function withCopyleft(): Promise<FixtureProject> {
    const project = await FixtureProject.create();
    await project.install('free', { license: 'GPL-3.0-or-later' });
    await project.install('fine');
    return project.writeLockfile();
  }

  it('fails the run on a denied licence, and the report is there all the same', async () => {
    await using project = await withCopyleft();
    const outcome = await audit({ folder: project.folder, out: project.at('out') });
    expect(outcome.status).toBe('failed');
    expect(exitCodeOf(outcome)).toBe(ExitCode.Denied);
    expect(outcome.results.stage(LicenceGuard)).toMatchObject({ status: 'fail', failure: { code: 'LICENCE_DENIED' } });
    expect(await reportIn(project.at('out'))).toMatchObject({
      verdict: 'denied',
      reason: 'Denied by the licence policy: free@1.0.0 (GPL-3.0-or-later).',
      denied: [{ package: 'free@1.0.0', rule: 'GPL-*' }],
      packages: { total: 2 },
    });
  });

  it('denies by the list that a test puts in place of the module’s', async () => {
    await using project = await withCopyleft();
    await using pipeline = await Test.createPipeline(AuditModule)
      .overrideProvider(LICENCE_RULES)
      .useValue({ deny: ['MIT'] })
      .compile();
    const outcome = await pipeline.start({ input: { folder: project.folder, out: project.at('out') } }).result;
    expect(exitCodeOf(outcome)).toBe(ExitCode.Denied);
    expect(outcome.results.of(JudgeLicences).denied.map((each) => each.package)).toEqual(['fine@1.0.0']);
  });

  it('accepts everything when the list is empty', async () => {
    await using project = await withCopyleft();
    const outcome = await audit({ folder: project.folder, out: project.at('out') }, { rules: { deny: [] } });
    expect(exitCodeOf(outcome)).toBe(ExitCode.Accepted);
  });

  it('denies a package whose licence could not be read, where the unknown is denied', async () => {
    await using project = await FixtureProject.create();
    await project.install('unread');
    await project.writeLockfile();
    const detect = () => Promise.reject(new Error('the disk is gone'));
    const outcome = await auditWith(project, [
      { provide: LICENCE_RULES, useValue: { deny: [], denyUnknown: true } },
      { provide: LicenceDetector, useValue: { detect } },
    ]);
    expect(exitCodeOf(outcome)).toBe(ExitCode.Denied);
    expect(await reportIn(project.at('report'))).toMatchObject({
      denied: [{ package: 'unread@1.0.0', rule: 'unknown' }],
      notices: [{ kind: 'unreadable', location: 'node_modules/unread', message: 'the disk is gone' }],
    });
  });
});

describe('the four checks', () => {
  it('run at the same time: the slow two finish only once all four have started', async () => {
    await using project = await FixtureProject.create();
    await project.install('a');
    await project.writeLockfile();
    const checks = [DetectLicences, MeasureSizes, FindDuplicates, CheckEngines].map(({ name }) => name);
    const started = new Set<string>();
    let open = (): void => {};
    const allStarted = new Promise<void>((resolve) => {
      open = resolve;
    });
    const sink = new CallbackSink((event: PipelineEvent) => {
      if (event.type === 'stage.started' && checks.includes(event.stage)) started.add(event.stage);
      if (started.size === checks.length) open();
    });
    const detect = (of: AuditedPackage) => allStarted.then(() => unknownLicence(of));
    const measure = () => allStarted.then(() => ({ files: 1, bytes: 1 }));
    await using app = await Stageflow.create(AuditModule, {
      sinks: [sink],
      overrides: [
        { provide: LicenceDetector, useValue: { detect } },
        { provide: SizeMeter, useValue: { measure } },
      ],
    });
    const results = await app.run(AuditModule, { input: { folder: project.folder, out: project.at('out') } });
    expect(results.of(WriteReport).report).toMatchObject({ sizes: { bytes: 1 }, licences: { counts: { unknown: 1 } } });
  });

  it('cost only their own section when one of them breaks', async () => {
    await using project = await oddProject();
    await using pipeline = await Test.createPipeline(AuditModule)
      .overrideStage(FindDuplicates)
      .fail(new Error('out of ideas'))
      .compile();
    const outcome = await pipeline.start({ input: { folder: project.folder, out: project.at('report') } }).result;
    expect(exitCodeOf(outcome)).toBe(ExitCode.Incomplete);
    expect(await reportIn(project.at('report'))).toMatchObject({
      verdict: 'accepted',
      duplicates: null,
      gaps: [{ check: 'FindDuplicates', reason: 'out of ideas' }],
      packages: { total: 12 },
      deprecated: [{ package: 'old@1.0.0' }],
    });
  });

  it('never read as accepted when the licences could not be judged', async () => {
    await using project = await oddProject();
    const denials = (): never => {
      throw new Error('no opinion');
    };
    const outcome = await auditWith(project, [{ provide: LicencePolicy, useValue: { denials } }]);
    expect(exitCodeOf(outcome)).toBe(ExitCode.Incomplete);
    expect(outcome.results.stage(LicenceGuard)).toMatchObject({ status: 'skip', skipCause: 'dependency-failed' });
    expect(await reportIn(project.at('report'))).toMatchObject({ verdict: 'undecided', denied: null });
  });

  it('compare with the Node version that is provided', async () => {
    await using project = await FixtureProject.create();
    await project.install('modern', { engines: { node: '>=18' } });
    await project.writeLockfile();
    const outcome = await auditWith(project, [{ provide: NODE_VERSION, useValue: '16.0.0' }]);
    expect(outcome.results.of(CheckEngines).mismatches).toMatchObject([{ package: 'modern@1.0.0' }]);
  });
});
