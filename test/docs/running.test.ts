import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { md } from './markdown-text.js';
import { format } from './problem.js';
import type { Program } from './programs.js';
import { inMemory } from './repository.js';
import { outputMistake, runProgram } from './run-program.js';
import { checkPage } from './site.js';
import { GENERATED, typeCheck, writePrograms } from './type-check.js';

const folder = join(GENERATED, 'self-test');
const source = md(
  ...["'''ts", "console.log('one', { a: 1 });", "'''", "'''text output", 'one { a: 1 }', "'''"], // 1–6
  ...[
    "'''ts continue",
    "await Promise.resolve(console.log('took 12 ms'));",
    "'''",
    "'''text output",
    'took … ms',
    "'''",
  ],
  ...["'''ts", 'const text: string = 1;', "console.log('b', text);", "'''", "'''text output", 'c', "'''"], // 13–19
  ...["'''ts fails=STAGE_TIMEOUT", "throw Object.assign(new Error('late'), { code: 'STAGE_TIMEOUT' });", "'''"], // 20
  ...["'''ts fails=STAGE_TIMEOUT", "throw new Error('x', { cause: new Error('STAGE_FAILED') });", "'''"], // 23
  ...["'''ts fails=STAGE_TIMEOUT", "console.error('unseen');", "'''"], // 26
  ...["'''ts", 'const a = 1;', '', "throw new Error('broken ' + a);", "'''"], // 29
  ...["'''ts no-run='only compiled'", 'throw new Error(missing);', "'''"], // 34
  ...["'''ts", 'type Marked = typeof globalThis & { marked?: number };', 'const seen: Marked = globalThis;'], // 37
  ...['const mark: ClassDecorator = (target) => { seen.marked = Reflect.ownKeys(target).length; };'],
  ...['@mark export class Annotated {}', 'console.log(Annotated.name, typeof seen.marked);', "'''"],
  ...["'''text output", 'Annotated number', "'''"],
);
const { programs, problems } = checkPage('guides/self.md', source, inMemory({}));
const files = writePrograms(folder, programs);
const at = (line: number) => programs.find((program) => program.line === line) as Program;
const run = async (line: number) => format(await runProgram(at(line), files.get(at(line)) ?? ''));

afterAll(() => {
  expect(process.exitCode ?? 0).toBe(0);
});

describe('compiling the programs of a page', () => {
  it('reports each type error once, at its line of the page', { timeout: 120_000 }, async () => {
    expect(problems).toEqual([]);
    expect(format(await typeCheck(folder, files))).toEqual([
      "guides/self.md:14: error TS2322: Type 'number' is not assignable to type 'string'.",
      "guides/self.md:35: error TS2304: Cannot find name 'missing'.",
    ]);
  });

  it('compiles nothing when there is nothing', async () => {
    expect(await typeCheck(join(GENERATED, 'nowhere'), new Map())).toEqual([]);
  });
});

describe('running a program of a page', () => {
  it('accepts one that prints what the page shows', async () => {
    expect(await run(1)).toEqual([]);
  });

  it('compares a continuation by its own part only', async () => {
    expect(await run(7)).toEqual([]);
  });

  it('reports other output at the line of the output', async () => {
    expect(await run(13)).toEqual(['guides/self.md:17: Prints "b 1" where the page shows "c"']);
  });

  it('accepts the failure that the page promises, and no other', async () => {
    expect(await run(20)).toEqual([]);
    expect(await run(23)).toEqual([
      'guides/self.md:23: Should fail with "STAGE_TIMEOUT", but fails with: Error x / Error STAGE_FAILED',
    ]);
    expect(await run(26)).toEqual(['guides/self.md:26: Should fail with "STAGE_TIMEOUT", but ends well.']);
  });

  it('reports a failure at the line that failed', async () => {
    expect(await run(29)).toEqual(['guides/self.md:32: Fails with: Error broken 1']);
  });

  it('compiles decorators', async () => {
    expect(await run(37)).toEqual([]);
  });

  it('gives each run modules of its own', async () => {
    expect([await run(1), await run(1)]).toEqual([[], []]);
  });
});

describe('comparing output', () => {
  it.each([
    ['a\nb', 'a\nb\n'],
    ['', ''],
    ['took … ms (…%)', 'took 1.5 ms (99%)'],
    ['a (b) [c] *', 'a (b) [c] *'],
  ])('%j equals %j', (expected, actual) => {
    expect(outputMistake(expected, actual)).toBeUndefined();
  });

  it.each([
    ['a', 'a\nb', 'Prints more than shown: "b"'],
    ['a\nb', 'a', 'Does not print "b"'],
    ['a…', 'b', 'Prints "b" where the page shows "a…"'],
    ['…', 'a\nb', 'Prints more than shown: "b"'],
    ['a.c', 'abc', 'Prints "abc" where the page shows "a.c"'],
  ])('%j differs from %j', (expected, actual, message) => {
    expect(outputMistake(expected, actual)).toBe(message);
  });
});
