import { readdir, readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { audit } from '../../examples/dependency-audit/audit.js';
import { progressPrinter } from '../../examples/dependency-audit/console/progress-printer.js';
import { FixtureProject } from './fixture-project.js';
import { runExample } from './run-example.js';

const STAGES = [
  'Discover',
  'DetectLicences',
  'MeasureSizes',
  'FindDuplicates',
  'CheckEngines',
  'JudgeLicences',
  'LicenceGuard',
  'WriteReport',
];
const STACK_TRACE = /^\s+at .+:\d+:\d+/m;

async function smallProject(): Promise<FixtureProject> {
  const project = await FixtureProject.create();
  await project.install('a', { license: 'ISC' });
  await project.install('b');
  return project.writeLockfile();
}

describe('npm run example', () => {
  it('audits this checkout, and says what it found, what overlapped and where the report is', async () => {
    await using project = await FixtureProject.create();
    const out = project.at('out');
    const { code, stdout, stderr } = await runExample(['dependency-audit', '--out', out]);
    expect({ code, stderr: stderr.match(STACK_TRACE) }).toEqual({ code: 0, stderr: null });
    for (const stage of STAGES) expect(stderr).toMatch(new RegExp(`^${stage} +done in`, 'm'));
    expect(stdout).toMatch(/^Timeline, \d+ ms in all:$/m);
    for (const stage of STAGES) expect(stdout).toMatch(new RegExp(`^ {2}${stage} +\\| *█+ *\\| [\\d.]+ ms$`, 'm'));
    expect(stdout).toMatch(/^ {2}At the same time: .*MeasureSizes/m);
    expect(stdout).toMatch(/^project +stageflow /m);
    expect(stdout).toMatch(/^policy +accepted$/m);
    expect(stdout).toContain(`${out}/report.md`);

    const report = JSON.parse(await readFile(project.at('out/report.json'), 'utf8'));
    const typescript = report.licences.packages.find(
      (each: { location: string }) => each.location === 'node_modules/typescript',
    );
    expect(typescript).toMatchObject({ expression: 'Apache-2.0', source: 'package.json' });
    expect(report.sizes.bytes).toBeGreaterThan(10_000_000);
    expect(report.gaps).toEqual([]);
  });

  it('ends with 1 when a licence is denied, names it, and writes the report all the same', async () => {
    await using project = await smallProject();
    const args = ['dependency-audit', project.folder, '--deny', 'ISC', '--out', project.at('out')];
    const { code, stdout, stderr } = await runExample(args);
    expect(code).toBe(1);
    expect(stderr).toContain('LicenceGuard: Denied by the licence policy: a@1.0.0 (ISC).');
    expect(stdout).toMatch(/^policy +denied\. Denied by the licence policy: a@1\.0\.0 \(ISC\)\.$/m);
    expect((await readdir(project.at('out'))).sort()).toEqual(['report.json', 'report.md']);
  });

  it('puts the report among the temporary files of the system when it is not told where', async () => {
    await using project = await smallProject();
    const { code, stdout } = await runExample(['dependency-audit', project.folder], { TMPDIR: project.folder });
    expect(code).toBe(0);
    const [made] = (await readdir(project.folder)).filter((name) => name.startsWith('dependency-audit-'));
    expect(stdout).toContain(project.at(String(made), 'report.md'));
    expect((await readdir(project.at(String(made)))).sort()).toEqual(['report.json', 'report.md']);
  });

  it.each([
    [['/no/such/folder'], /There is no folder .*such/],
    [['--deny', 'GPLv3'], /"GPLv3", which is no SPDX licence id/],
    [['--fast'], /--fast/],
  ])('ends with 2 and one clear sentence, given %j', async (args, message) => {
    const { code, stdout, stderr } = await runExample(['dependency-audit', ...args]);
    expect({ code, stdout, trace: stderr.match(STACK_TRACE) }).toEqual({ code: 2, stdout: '', trace: null });
    expect(stderr).toMatch(message);
  });

  it('ends with 2 when there is nowhere to write the report', async () => {
    await using project = await smallProject();
    const env = { TMPDIR: project.at('absent') };
    const { code, stderr } = await runExample(['dependency-audit', project.folder], env);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^WriteReport: The report cannot be written to .*absent/m);
    expect(stderr).not.toMatch(STACK_TRACE);
  });

  it('explains itself', async () => {
    const { code, stdout } = await runExample(['dependency-audit', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Exit codes: 0 accepted, 1 a licence is denied, 2 bad input');
  });

  it('cleans up and ends with 130 on Ctrl-C in the middle of writing the report', async () => {
    await using project = await smallProject();
    // Presses Ctrl-C once the first file is written, and goes on only when the process has heard it.
    await project.file(
      'ctrl-c.mjs',
      `import fs from 'node:fs/promises';
       import { syncBuiltinESMExports } from 'node:module';
       const { writeFile } = fs;
       fs.writeFile = async (...args) => {
         await writeFile(...args);
         const awake = setInterval(() => {}, 1000); // waiting for a signal alone does not keep Node running
         const heard = new Promise((resolve) => process.once('SIGINT', resolve));
         process.kill(process.pid, 'SIGINT');
         await heard;
         clearInterval(awake);
       };
       syncBuiltinESMExports();`,
    );
    const { code, stdout, stderr } = await runExample(
      ['dependency-audit', project.folder, '--out', project.at('out')],
      { NODE_OPTIONS: `--import "${pathToFileURL(project.at('ctrl-c.mjs'))}"` },
    );
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain('Stopped: interrupted.');
    expect(await readdir(project.folder)).not.toContain('out');
  });
});

describe('progress', () => {
  async function progressOn(stream: { isTTY?: boolean; columns?: number }): Promise<string> {
    await using project = await smallProject();
    let text = '';
    const write = (chunk: string): void => {
      text += chunk;
    };
    await audit({ folder: project.folder, out: project.at('out') }, { sinks: [progressPrinter({ ...stream, write })] });
    return text;
  }

  it('is one line per stage, rewritten in place, on a terminal', async () => {
    const text = await progressOn({ isTTY: true, columns: 80 });
    const lastFrame = text.slice(text.lastIndexOf(`\u001b[${STAGES.length}F`));
    const lines = lastFrame.split('\n').slice(0, -1);
    expect(lines).toHaveLength(STAGES.length);
    for (const [i, stage] of STAGES.entries()) expect(lines[i]).toContain(`\u001b[2K✔ ${stage}`);
    expect(text).toContain('█'.repeat(12) + '░'.repeat(12)); // one of two packages is done
  });

  it('never wraps, since that would make it count the lines wrong', async () => {
    const text = stripVTControlCharacters(await progressOn({ isTTY: true, columns: 30 }));
    const widths = text.split('\n').map((line) => line.replace('\r', '').length);
    expect(Math.max(...widths)).toBe(29);
  });

  it('is plain lines anywhere else', async () => {
    const text = await progressOn({});
    expect(text).not.toContain('\u001b');
    expect(text.match(/^Discover +started\nDiscover +done in [\d.]+ ms\n/)).not.toBeNull();
    expect(text.split('\n')).toHaveLength(STAGES.length * 2 + 1);
  });
});
