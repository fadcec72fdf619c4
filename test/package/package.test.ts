/* The package as its users get it: built, unpacked beside a project of their own, type-checked and run without sources. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
const BIN = join(ROOT, 'node_modules/.bin');

const PEERS = [
  'jose',
  '@opentelemetry/api',
  '@modelcontextprotocol/sdk',
  '@oxc-node/core',
  '@types/node',
  'undici-types',
];

let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'stageflow-package-'));
  const installed = join(project, 'node_modules/stageflow');
  await mkdir(join(installed, 'dist'), { recursive: true });
  await Promise.all([
    run(join(BIN, 'tsc'), ['-p', 'tsconfig.build.json', '--outDir', join(installed, 'dist/types')], { cwd: ROOT }),
    run(join(BIN, 'rolldown'), ['-c', 'rolldown.config.mjs', '--dir', join(installed, 'dist')], { cwd: ROOT }),
    cp(join(ROOT, 'package.json'), join(installed, 'package.json')),
  ]);
  const { dependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  await mkdir(join(project, 'node_modules/@types'));
  await mkdir(join(project, 'node_modules/@opentelemetry'));
  await mkdir(join(project, 'node_modules/@modelcontextprotocol'));
  await mkdir(join(project, 'node_modules/@oxc-node'));
  for (const name of [...Object.keys(dependencies), ...PEERS]) {
    await symlink(join(ROOT, 'node_modules', name), join(project, 'node_modules', name));
  }
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify(CONSUMER_CONFIG));
  await writeFile(join(project, 'main.ts'), CONSUMER);
  await writeFile(join(project, 'greeting.ts'), COMMANDED);
}, 120_000);

afterAll(() => rm(project, { recursive: true, force: true }));

const CONSUMER_CONFIG = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023', 'ESNext.Disposable'],
    module: 'NodeNext',
    strict: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    types: ['node'],
    outDir: 'out',
  },
  files: ['main.ts', 'greeting.ts'],
};

const CONSUMER = `
import { DependsOn, PipelineModule, Stage, Stageflow, type StageContext } from 'stageflow';
import { ClaimMappings, JwtVerifier } from 'stageflow/auth';
import { Access, Pipeline, type TokenVerifier } from 'stageflow/core';
import { When } from 'stageflow/decorators';
import { winstonLogger } from 'stageflow/observability';
import { openTelemetry } from 'stageflow/otel';
import { expectRun, Test } from 'stageflow/testing';
import { installMatchers } from 'stageflow/testing/vitest';

class Greeter {
  greet(name: string): string {
    return 'Hello, ' + name;
  }
}

@Stage()
class Greet {
  constructor(private readonly greeter: Greeter) {}
  execute(ctx: StageContext) {
    return { text: this.greeter.greet(ctx.snapshot.inputText ?? 'you') };
  }
}

@Stage()
@DependsOn(Greet)
@When(Greet, (greeting) => greeting.text.length > 0)
class Shout {
  execute(ctx: StageContext<typeof Greet>) {
    return { text: ctx.inputs.of(Greet).text.toUpperCase() };
  }
}

@PipelineModule({ stages: [Greet, Shout], providers: [Greeter] })
class Greeting {}

const logger = winstonLogger({ level: 'error' });
const app = await Stageflow.create(Greeting, { logger, plugins: [openTelemetry()] });
const shouted: string = (await app.run(Greeting, { inputText: 'Ada' })).of(Shout).text;
await app.close();
const built: string = (await new Pipeline('p').withStage('a', () => ({ b: 'built' })).run()).of('a').b;
const verifier: TokenVerifier = new JwtVerifier({
  keys: { secret: 'a-secret-of-more-than-thirty-two-bytes' },
  issuer: 'https://issuer.test/',
  audience: 'https://api.test',
  claims: ClaimMappings.oidc(),
});
const guarded = new Pipeline('g', { access: [Access.authenticated()] }).withStage('a', () => ({})).build({ verifier });
const refused = await guarded.start({ token: 'no.such.token' }).result;
const tested = await Test.createStage(Shout).given(Greet, { text: 'x' }).run();
expectRun(tested).toHaveOutput(Shout, { text: 'X' });
installMatchers({ extend: () => {} });
process.stdout.write([shouted, built, tested.status, refused.status].join('|'));
`;

const COMMANDED = `
import { PipelineModule, Stage, type StageContext } from 'stageflow';
import { defineConfig } from 'stageflow/config';

class Greeter {
  greet(name: string): string {
    return 'Hello, ' + name;
  }
}

@Stage()
class Greet {
  constructor(private readonly greeter: Greeter) {}
  execute(ctx: StageContext) {
    return { text: this.greeter.greet(ctx.snapshot.inputText ?? 'you') };
  }
}

@PipelineModule({ stages: [Greet], providers: [Greeter] })
export class Greeting {}

export const config = defineConfig({});
`;

describe('the built package', () => {
  it('gives types to a strict project, through every entry of its exports', async () => {
    const { stdout } = await run(join(BIN, 'tsc'), ['-p', project], { cwd: project }).catch((error) => error);
    expect(stdout).toBe('');
  });

  it('runs there', async () => {
    const { stdout } = await run(process.execPath, ['out/main.js'], { cwd: project });
    expect(stdout).toBe('HELLO, ADA|built|ok|failed');
  });

  it('can be required by CommonJS', async () => {
    await writeFile(join(project, 'main.cjs'), `process.stdout.write(Object.keys(require('stageflow/core')).join())`);
    const { stdout } = await run(process.execPath, ['--no-warnings', 'main.cjs'], { cwd: project });
    expect(stdout.split(',')).toContain('Pipeline');
  });

  it('has a command line that loads TypeScript with decorators by itself, from whatever folder', async () => {
    const { bin } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
    const command = join(project, 'node_modules/stageflow', bin.stageflow);
    const args = [command, 'run', join(project, 'greeting.ts'), '--text', 'Ada', '--json', '--quiet'];
    const { stdout } = await run(process.execPath, args, { cwd: tmpdir() });
    expect(JSON.parse(stdout).outputs).toEqual({ Greet: { text: 'Hello, Ada' } });
    expect((await readFile(command, 'utf8')).startsWith('#!/usr/bin/env node\n')).toBe(true);
  });

  it('has a file behind every entry', async () => {
    const { exports } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
    for (const entry of Object.values<string | Record<string, string>>(exports)) {
      const targets = typeof entry === 'string' ? [entry] : [entry.types, entry.default];
      for (const target of targets) await readFile(join(project, 'node_modules/stageflow', target as string));
    }
  });

  it('offers pipelines over MCP, with the SDK beside it', async () => {
    const script = `
      import { Pipeline } from 'stageflow/core';
      import { mcpServer } from 'stageflow/mcp';
      const pipeline = new Pipeline('p').withStage('a', () => ({})).build();
      const pipelines = [{ pipeline, name: 'run_it', description: 'Runs it.' }];
      process.stdout.write(mcpServer(pipeline, { name: 'p', version: '1', pipelines }).names.join());`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: project });
    expect(stdout).toBe('run_it');
  });

  it('loads neither metadata nor a container for stageflow/core', async () => {
    const script = `import('stageflow/core').then(() => process.stdout.write(String('metadata' in Reflect)))`;
    const { stdout } = await run(process.execPath, ['-e', script], { cwd: project });
    expect(stdout).toBe('false');
  });
});
