import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TYPESCRIPT = createRequire(import.meta.url).resolve('typescript/package.json');

const PRELUDE = `
import { DependsOn, ForEach, Inject, Repeat, Stage, When } from '${join(ROOT, 'decorators/index.js')}';
import { optional, type OptionalDependency, type NamedOutputs, type StageContext } from '${join(ROOT, 'src/stage/index.js')}';
import { token } from '${join(ROOT, 'src/metadata/index.js')}';
export { DependsOn, ForEach, Inject, optional, Repeat, Stage, token, When };
export type { OptionalDependency, NamedOutputs, StageContext };
@Stage() export class Fetch { async execute() { return { html: '' }; } }
@Stage() export class Rank { execute() { return { score: 1 }; } }
@Stage() export class Profile { execute() { return { name: 'Ada' }; } }
`;

const SOURCES = {
  undeclared: `@DependsOn(Fetch) export class Digest { execute(ctx: StageContext<typeof Fetch | typeof Rank>) {} }`,
  severalUndeclared: `@DependsOn() export class Digest { execute(ctx: StageContext<typeof Fetch | typeof Rank>) {} }`,
  uncertain: `@DependsOn(Fetch, optional(Profile)) export class Digest { execute(ctx: StageContext<typeof Profile>) {} }`,
  unnamed: `export class Digest { execute(ctx: StageContext<typeof Fetch>) { return { a: ctx.inputs.of(Rank) }; } }`,
  misspelt: `export const read = (ctx: StageContext<NamedOutputs<{ fetch: { html: string }; rank: {} }>>) => ctx.inputs.from('fetsch');`,
  condition: `@When(Rank, (rank) => rank.scor > 1) export class Digest { execute() {} }`,
  output: `@Stage() export class Digest { execute() { return ['a']; } }`,
  injected: `interface Clock { now(): number } const CLOCK = token<Clock>('Clock');
    export class Digest { constructor(@Inject(CLOCK) readonly clock: string) {} }`,
  items: `@ForEach(Rank, ({ score }) => [score], { key: String, policy: 'settled' }) export class Digest {
    each(_: unknown, score: number) { return { score }; } execute(_: unknown, items: readonly { score: number }[]) {} }`,
  loop: `@Repeat({ until: (draft: { score: number }) => draft.score > 1 }) export class Digest {
    iterate() { return { score: 1 }; } execute() {} }`,
  fine: `@Stage() @DependsOn(Fetch, optional(Profile))
    export class Digest { execute(ctx: StageContext<typeof Fetch | OptionalDependency<typeof Profile>>) {
      return { a: ctx.inputs.of(Fetch).html, b: ctx.inputs.of(Profile)?.name };
    } }`,
} as const;

/** What a user reads when a source does not compile; every source is a file of its own. */
describe('the compiler answers with names:', () => {
  let folder: string;
  let output: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stageflow-types-'));
    const options = { noEmit: true, typeRoots: [join(ROOT, 'node_modules/@types')] };
    const tsconfig = { extends: join(ROOT, 'tsconfig.json'), compilerOptions: options, include: ['*.mts'] };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    await writeFile(join(folder, 'prelude.mts'), PRELUDE);
    const imports = `import { DependsOn, Fetch, ForEach, Inject, type NamedOutputs, optional, type OptionalDependency, Profile, Rank, Repeat, Stage, type StageContext, token, When } from './prelude.mjs';\n`;
    for (const [name, source] of Object.entries(SOURCES))
      await writeFile(join(folder, `${name}.mts`), imports + source);
    output = await compile(folder);
  }, 120_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const answerTo = (name: keyof typeof SOURCES): string =>
    output
      .split(/\n(?=\S)/)
      .filter((message) => message.includes(`${name}.mts`))
      .join('\n');

  it('the stage that @DependsOn does not declare', () => {
    expect(answerTo('undeclared')).toContain(
      "'execute() reads a stage that @DependsOn does not declare': typeof Rank;",
    );
    expect(answerTo('undeclared')).toContain('typeof Digest');
  });

  it('all of them, if there are several', () => {
    expect(answerTo('severalUndeclared')).toMatch(
      /does not declare': typeof (Fetch \| typeof Rank|Rank \| typeof Fetch);/,
    );
  });

  it('the stage that is declared optional and read as required', () => {
    const text = "'execute() reads as required a stage that @DependsOn declares optional': typeof Profile;";
    expect(answerTo('uncertain')).toContain(text);
  });

  it('the stage that the context does not name', () => {
    expect(answerTo('unnamed')).toContain("'this context does not name the stage': typeof Rank;");
  });

  it('the names there are, for one that is not', () => {
    expect(answerTo('misspelt')).toContain(`'"fetsch"' is not assignable to parameter of type '"fetch" | "rank"'`);
  });

  it('the key a condition meant', () => {
    expect(answerTo('condition')).toContain("Did you mean 'score'?");
  });

  it('what execute returns instead of an output', () => {
    expect(answerTo('output')).toContain('must return an object, a StageOutput or nothing, but returns');
    expect(answerTo('output')).toContain('string[]');
  });

  it('what a token stands for', () => {
    expect(answerTo('injected')).toContain("'the parameter cannot take what the token stands for': Clock;");
  });

  it('what items come to under their policy', () => {
    expect(answerTo('items')).toContain("'execute() takes something else than its items come to': readonly Settled<");
  });

  it('the bound that a loop lacks', () => {
    expect(answerTo('loop')).toContain("Property 'timeoutMs' is missing");
  });

  it('nothing, for what is right', () => {
    expect(answerTo('fine')).toBe('');
    expect(answerTo('fine') + output).not.toContain('prelude.mts');
  });
});

/** What tsc prints; it exits with an error, since nearly all sources are broken. */
function compile(project: string): Promise<string> {
  const tsc = join(dirname(TYPESCRIPT), 'bin/tsc');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [tsc, '-p', project, '--pretty', 'false'],
      { cwd: project },
      (_error, stdout, stderr) => {
        resolve(stdout + stderr);
      },
    );
  });
}
