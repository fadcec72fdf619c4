import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sarifReport } from '../../src/cli/check/sarif-report.js';
import { cli, jsonOf } from './cli-in-process.js';

describe('stageflow check', () => {
  it('says everything that is wrong, each with its place and what to do, and ends with 3', async () => {
    const { code, stdout, stderr } = await cli(['check', 'broken.ts', '--no-config']);
    expect(stdout).toMatchInlineSnapshot(`
      "broken.ts:8 error Stage "Index" depends on "Fetch", which is not in pipeline "broken". GRAPH_MISSING_DEPENDENCY
        Add "Fetch" to the stages, or remove it from the dependencies of "Index".
      broken.ts:8 error Nobody provides Missing; constructor parameter "missing" of Index asks for it: Broken → Index → Missing. DI_MISSING_PROVIDER
        Add Missing to the providers of Broken, or import a module that exports it.
      broken.ts:17 warning Stage class Forgotten is exported, and no pipeline lists it, so it never runs. LINT_STAGE_UNLISTED
        List it in the stages of a module, or remove it.
      2 errors, 1 warning: broken (1 stage)
      "
    `);
    expect([code, stderr]).toEqual([3, '']);
  });

  it('warns of tools that change the world with no limit, or whose approval is undecided', async () => {
    const { code, stdout } = await cli(['check', 'crawl.ts']);
    expect(code).toBe(0);
    expect(stdout).toContain('crawl.ts:33 warning Tool "send" changes the world (irreversible)');
    expect(stdout).toContain('LINT_TOOL_TIMEOUT');
    expect(stdout).toContain('does not say whether a call has to be approved: a call of it waits for an approval.');
    expect(stdout).toContain('0 errors, 2 warnings: crawl (2 stages, 1 tool)');
  });

  it('counts warnings with --strict, also in what it says to programs', async () => {
    const strict = await cli(['check', 'crawl.ts', '--strict', '--json']);
    expect([strict.code, jsonOf(strict).ok]).toEqual([3, false]);
    const lenient = jsonOf(await cli(['check', 'crawl.ts', '--json']));
    expect(lenient).toMatchObject({ ok: true, file: 'crawl.ts', pipelines: [{ name: 'crawl', stages: 2, tools: 1 }] });
    expect(lenient.findings.map(({ place }: { place: unknown }) => place)).toEqual([
      { file: 'crawl.ts', line: 33 },
      { file: 'crawl.ts', line: 33 },
    ]);
  });

  it('builds nothing, opens no store, and calls the options of the program alone', async () => {
    const { stdout, stderr } = await cli(['check', 'crawl.ts', '--config', 'watched.config.ts']);
    expect(stdout).toContain('crawl (2 stages, 1 tool)');
    expect(stderr).toBe('');
    expect(globalThis).not.toHaveProperty('httpIsBuilt');
    expect((globalThis as { watchedConfig?: string[] }).watchedConfig).toEqual(['app', 'close']);
  });

  it('reports what contracts on edges cannot keep, and captive scopes', async () => {
    const { findings } = jsonOf(await cli(['check', 'unsound.ts', '--no-config', '--json']));
    const codes = findings.map(({ code }: { code: string }) => code);
    expect(codes).toEqual(expect.arrayContaining(['CONTRACT_MISMATCH', 'DI_CAPTIVE_SCOPE', 'LINT_ISOLATED_STAGE']));
  });

  it('reports what a decorator refuses while the module is loaded', async () => {
    const { code, stdout } = await cli(['check', 'refused.ts', '--no-config', '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout).findings).toMatchObject([
      { code: 'TOOL_INVALID', severity: 'error', place: { line: 7 } },
    ]);
  });

  it('checks what the builder makes, and says so of what is sound', async () => {
    const { code, stdout } = await cli(['check', 'shapes.ts']);
    expect([code, stdout]).toEqual([0, 'No problems: shapes <&> (8 stages)\n']);
    const { findings } = jsonOf(await cli(['check', 'unsound.ts#circle', '--json', '--no-config']));
    expect(findings).toMatchObject([{ code: 'GRAPH_CYCLE', place: { file: 'unsound.ts' } }]);
  });

  it('keeps what other people have named from reaching the terminal as a command', async () => {
    const { stdout } = await cli(['check', 'unsound.ts#hostile', '--no-config']);
    expect(stdout).toContain('hostile\uFFFD[2J (1 stage)');
    expect(stdout).not.toContain('\u001b');
  });
});

/** What SARIF 2.1.0 requires of the parts that are written, and nothing but what it knows of them. */
const Message = z.strictObject({ text: z.string().min(1) });
const Sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z
    .array(
      z.strictObject({
        tool: z.strictObject({
          driver: z.strictObject({
            name: z.string().min(1),
            semanticVersion: z.string(),
            rules: z.array(
              z.strictObject({
                id: z.string(),
                shortDescription: Message.optional(),
                defaultConfiguration: z.strictObject({ level: z.enum(['none', 'note', 'warning', 'error']) }),
              }),
            ),
          }),
        }),
        originalUriBaseIds: z.record(z.string(), z.strictObject({ uri: z.url().endsWith('/') })),
        columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
        results: z.array(
          z.strictObject({
            ruleId: z.string(),
            ruleIndex: z.int().min(0),
            level: z.enum(['none', 'note', 'warning', 'error']),
            message: Message,
            locations: z.array(
              z.strictObject({
                physicalLocation: z.strictObject({
                  artifactLocation: z.strictObject({ uri: z.string(), uriBaseId: z.string().optional() }),
                  region: z.strictObject({ startLine: z.int().min(1) }).optional(),
                }),
              }),
            ),
            partialFingerprints: z.record(z.string(), z.string()),
          }),
        ),
      }),
    )
    .length(1),
});

describe('stageflow check --format sarif', () => {
  it('writes what code scanning services read', async () => {
    const { code, stdout } = await cli(['check', 'broken.ts', '--no-config', '--format', 'sarif']);
    expect(code).toBe(3);
    const [run] = Sarif.parse(JSON.parse(stdout)).runs;
    const { results, tool } = run!;
    expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ['GRAPH_MISSING_DEPENDENCY', 'error'],
      ['DI_MISSING_PROVIDER', 'error'],
      ['LINT_STAGE_UNLISTED', 'warning'],
    ]);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(tool.driver.rules.every(({ shortDescription }) => shortDescription !== undefined)).toBe(true);
    expect(results[0]?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'broken.ts', uriBaseId: '%SRCROOT%' },
      region: { startLine: 8 },
    });
  });

  it('writes a run without results for what is sound', async () => {
    const { stdout } = await cli(['check', 'shapes.ts', '--format', 'sarif']);
    expect(Sarif.parse(JSON.parse(stdout)).runs[0]?.results).toEqual([]);
  });

  it('knows a finding again when lines have moved', () => {
    const finding = {
      code: 'GRAPH_EMPTY',
      severity: 'error',
      message: 'Empty.',
      fix: 'Fill it.',
      subjects: ['p'],
    } as const;
    const prints = [3, 30].map((line) => {
      const findings = [{ ...finding, place: { file: '/app/p.ts', line } }];
      const report = { file: '/app/p.ts', findings, problems: [], pipelines: [], graphs: [] };
      const [result] = Sarif.parse(sarifReport(report, '/app', '1.2.3')).runs[0]!.results;
      return result?.partialFingerprints;
    });
    expect(prints[0]).toEqual(prints[1]);
  });
});
