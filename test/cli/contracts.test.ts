import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, jsonOf } from './cli-in-process.js';

let folder: string;
let stored: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stageflow-contracts-'));
  stored = join(folder, 'contracts.json');
  writeFileSync(stored, (await cli(['contracts', 'list', 'contracts-before.ts', '--json', '--no-config'])).stdout);
});
afterAll(() => rmSync(folder, { recursive: true }));

const diff = (...args: string[]) => cli(['contracts', 'diff', '--no-config', ...args]);

describe('stageflow contracts', () => {
  it('lists what a module exports with a name and a version', async () => {
    const { stdout } = await cli(['contracts', 'list', 'contracts-before.ts', '--no-config']);
    expect(stdout).toBe('author/v1\ngone/v1\npage/v1\n');
  });

  it('compares two modules by name and version, and ends with 1 if that breaks somebody', async () => {
    const { code, stdout } = await diff('contracts-before.ts', 'contracts-after.ts');
    expect(code).toBe(1);
    expect(stdout).toMatchInlineSnapshot(`
      "author/v1 same, compatible
      gone/v1 removed, breaking
      page/v1 changed, breaking
        breaking   links removed: Keep it, optional, until nobody reads it, or publish the next version.
        warning    words added-optional: See that readers which refuse unknown keys know it.
      page/v2 added, compatible
      "
    `);
  });

  it('compares with a list that was stored before, and single ones whatever they are called', async () => {
    expect((await diff(stored, 'contracts-before.ts')).code).toBe(0);
    expect((await diff(stored, 'contracts-after.ts')).code).toBe(1);
    const next = await diff(`${stored}#page/v1`, 'contracts-after.ts#Page2', '--direction', 'input', '--json');
    expect(next.code).toBe(0);
    expect(jsonOf(next)).toMatchObject({ ok: true, contracts: [{ contract: 'page/v2', status: 'changed' }] });
    const schema = join(folder, 'schema.json');
    writeFileSync(schema, '{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}');
    expect(jsonOf(await diff(schema, 'contracts-after.ts#Author', '--json')).contracts[0].status).toMatch(
      /same|changed/,
    );
  });

  it('counts warnings with --strict', async () => {
    const added = ['contracts-before.ts#Author', 'contracts-after.ts#Page', '--direction', 'output'];
    expect((await diff(...added)).code).toBe(1);
    const same = ['contracts-before.ts#Author', 'contracts-after.ts#Author', '--strict'];
    expect((await diff(...same)).code).toBe(0);
  });

  it.each([
    [['contracts-before.ts', 'contracts-after.ts#Page'], 'CLI_USAGE'],
    [['contracts-before.ts#Nothing', 'contracts-after.ts#Page'], 'CLI_EXPORT_UNKNOWN'],
    [['contracts-before.ts#unrelated', 'contracts-after.ts#Page'], 'CONTRACT_INVALID'],
  ])('refuses %j with 2', async (args, expected) => {
    const refused = await diff(...args, '--json');
    expect([refused.code, jsonOf(refused).error.code]).toEqual([2, expected]);
  });
});
