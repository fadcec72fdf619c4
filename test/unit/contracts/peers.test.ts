import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadDtoPeers, loadJsonSchemaPeer } from '../../../src/contracts/peers.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const register = pathToFileURL(join(ROOT, 'node_modules/@oxc-node/core/register.mjs')).href;

describe('the optional packages', () => {
  it.each([
    ['class-validator', loadDtoPeers],
    ['class-transformer', loadDtoPeers],
    ['class-validator-jsonschema', loadJsonSchemaPeer],
  ])('without %s there is CONTRACT_PEER_MISSING, which says what to install', (name, loadPeers) => {
    const cause = new Error('not found');
    const load = (specifier: string) => {
      if (specifier === name) throw cause;
      return { getMetadataStorage: () => ({}) };
    };
    expect(() => loadPeers('Contract PageDto', load)).toThrow(
      expect.objectContaining({
        code: 'CONTRACT_PEER_MISSING',
        summary: `Contract PageDto needs the package ${name}, which cannot be loaded.`,
        fix: expect.stringContaining(`npm install ${name}.`),
        cause,
      }),
    );
  });

  it('are loaded by the first check of a DTO, and neither by an import nor by a schema', async () => {
    const script = `
      import { createRequire } from 'node:module';
      import { z } from 'zod';
      import { contractOf } from './src/contracts/index.js';
      const { cache } = createRequire(import.meta.url);
      const loaded = () => Object.keys(cache).some((path) => /class-(validator|transformer)/.test(path));
      contractOf(z.object({})).check({});
      const dto = contractOf(class Dto {});
      const before = loaded();
      try { dto.check({}); } catch {}
      console.log(before, loaded());
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=stageflow-source', '--import', register, '--input-type=module', '--eval', script],
      { cwd: ROOT },
    );
    expect(stdout.trim()).toBe('false true');
  });
});
