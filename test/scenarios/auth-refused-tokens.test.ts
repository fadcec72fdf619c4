import { PipelineModule, Stage, Stageflow } from 'stageflow';
import { ClaimMappings, JwtVerifier } from 'stageflow/auth';
import { Test } from 'stageflow/testing';
import { expect, it } from 'vitest';

let called = 0;

@Stage()
class Answer {
  execute() {
    called++;
    return { answer: 42 };
  }
}
@PipelineModule({ stages: [Answer] })
class Answering {}

const tokens = Test.tokens();
const verifier = new JwtVerifier({ ...tokens.trust, claims: ClaimMappings.oidc({ orgId: 'org_id' }) });
const good = { sub: 'ann', org_id: 'acme' };
const [header, payload, signature] = tokens.sign(good).split('.') as [string, string, string];
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = Math.floor(Date.now() / 1_000);

const REFUSED: readonly (readonly [string, string | undefined, string])[] = [
  ['no token', undefined, 'AUTH_TOKEN_MISSING'],
  ['an empty one', '', 'AUTH_TOKEN_MISSING'],
  ['anything', 'literally-anything', 'AUTH_TOKEN_INVALID'],
  ['an expired one', tokens.sign({ ...good, exp: now - 60 }), 'AUTH_TOKEN_EXPIRED'],
  ['one of the future', tokens.sign({ ...good, nbf: now + 60 }), 'AUTH_TOKEN_INVALID'],
  ['one without end', tokens.sign({ ...good, exp: undefined }), 'AUTH_CLAIMS_INVALID'],
  ['one for others', tokens.sign({ ...good, aud: 'https://other.test' }), 'AUTH_TOKEN_INVALID'],
  ['one of another issuer', Test.tokens({ issuer: 'https://evil.test/' }).sign(good), 'AUTH_TOKEN_INVALID'],
  ['one with another key', Test.tokens().sign(good), 'AUTH_TOKEN_INVALID'],
  ['one without signature', `${header}.${payload}.`, 'AUTH_TOKEN_INVALID'],
  ['algorithm none', `${part({ alg: 'none' })}.${payload}.`, 'AUTH_TOKEN_INVALID'],
  ['changed claims', `${header}.${part({ ...good, org_id: 'globex' })}.${signature}`, 'AUTH_TOKEN_INVALID'],
  ['no user', tokens.sign({ org_id: 'acme' }), 'AUTH_CLAIMS_INVALID'],
  ['a user that is a number', tokens.sign({ ...good, sub: 7 }), 'AUTH_CLAIMS_INVALID'],
  ['an org that is a list', tokens.sign({ ...good, org_id: ['acme'] }), 'AUTH_CLAIMS_INVALID'],
  ['20 kB', tokens.sign({ ...good, filler: 'x'.repeat(20_000) }), 'AUTH_TOKEN_INVALID'],
];

it.each(REFUSED)('a run with %s fails, and no stage runs (117)', async (_what, token, code) => {
  called = 0;
  await using app = await Stageflow.create(Answering, { verifier });
  const types: string[] = [];
  const sink = { emit: (event: { type: string }) => void types.push(event.type) };
  const run = app.start(Answering, { token }, { sinks: [sink] });
  const outcome = await run.result;
  if (outcome.status !== 'failed') throw new Error(`The run has ${outcome.status}.`);
  expect([outcome.error.code, called]).toEqual([code, 0]);
  expect(types).toEqual(['pipeline.started', 'auth.failure', 'pipeline.failed']);
  if (token) expect(`${outcome.error.stack} ${JSON.stringify(outcome.error)}`).not.toContain(token);
  await expect(app.run(Answering, { token })).rejects.toMatchObject({ code });
});

it('a good token is verified once for all stages, and logged in once (121)', async () => {
  let verified = 0;
  const counting: typeof verifier = Object.assign(Object.create(verifier), {
    verify: (token: string) => {
      verified++;
      return verifier.verify(token);
    },
  });
  await using app = await Stageflow.create(Answering, { verifier: counting });
  const run = app.start(Answering, { token: tokens.sign(good) });
  const logins: unknown[] = [];
  for await (const event of run.events) if (event.type === 'auth.login') logins.push([event.principalId, event.orgId]);
  expect([(await run.result).status, verified, logins]).toEqual(['completed', 1, [['ann', 'acme']]]);
});
