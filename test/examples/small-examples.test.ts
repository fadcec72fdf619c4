import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKOUT, runExample } from './run-example.js';

const TRIP = `\
  Destination starts
  Destination is done
  Flight starts
  Hotel starts
  Weather starts
  Flight is done
  Hotel is done
  Weather is done
  Trip starts
  Trip is done
9:40 to Lisbon, Grand Hotel Lisbon, sunny
`;

describe('the small examples', () => {
  it.each([
    ['simple', 'decorators: You said: hello\nbuilder:    You said: hello\n'],
    ['transform-chain', 'decorators: The Origin Of Species\nbuilder:    The Origin Of Species\n'],
    ['parallel', `decorators:\n${TRIP}builder:\n${TRIP}`],
  ])('%s prints the same with decorators and with the builder', async (name, stdout) => {
    expect(await runExample([name])).toEqual({ code: 0, stdout, stderr: '' });
  });
});

describe('npm run example', () => {
  it('lists the examples', async () => {
    const { code, stdout } = await runExample(['--help']);
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(2, -1)).toEqual([
      '  agent-tools',
      '  chat',
      '  dependency-audit (default)',
      '  full',
      '  nestjs-app',
      '  parallel',
      '  simple',
      '  transform-chain',
    ]);
  });

  it('says which examples there are when there is no such one', async () => {
    const { code, stdout, stderr } = await runExample(['nope']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('There is no example "nope".');
    expect(stderr).toContain('  transform-chain');
  });

  it('is the command these tests run', async () => {
    const manifest = JSON.parse(await readFile(path.join(CHECKOUT, 'package.json'), 'utf8'));
    expect(manifest.scripts.example).toBe(
      'node --conditions=stageflow-source --import @oxc-node/core/register examples/run.ts',
    );
  });
});
