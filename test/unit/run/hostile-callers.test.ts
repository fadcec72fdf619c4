import { expect, it } from 'vitest';
import { Engine } from '../../../src/run/index.js';
import { HOSTILE_TOKENS } from '../auth/jwt/hostile-tokens.js';
import { bind } from './hand-bound.js';
import { Watch } from './watch.js';

it('hundreds of hostile tokens fail their runs with the right reason, and no stage runs (117)', async () => {
  let called = 0;
  const bound = bind([{ name: 'a', run: () => void called++ }]);
  const wrong: unknown[] = [];
  for (const { name, token, reason, verifier } of Object.values(HOSTILE_TOKENS).flat()) {
    const watch = new Watch();
    const engine = new Engine({ verifier, sinks: [watch] });
    const { status } = await engine.start(bound, { token: token as string }).result;
    await engine.close();
    const told = watch.ofType('auth.failure').map((event) => event.reason);
    if (status !== 'failed' || told.length !== 1 || told[0] !== reason) wrong.push([name, status, told, reason]);
  }
  expect([wrong, called]).toEqual([[], 0]);
});
