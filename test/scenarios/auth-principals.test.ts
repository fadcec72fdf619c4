import {
  Access,
  AuthContext,
  DefinitionError,
  Pipeline,
  PipelineModule,
  RequireAuth,
  Stage,
  type StageContext,
  Stageflow,
} from 'stageflow';
import { ClaimMappings, JwtVerifier } from 'stageflow/auth';
import { Test } from 'stageflow/testing';
import { expect, it } from 'vitest';

@Stage()
@RequireAuth('service-account')
class Nightly {
  execute(ctx: StageContext) {
    return { by: ctx.auth.principalId, user: ctx.auth.userId };
  }
}
@PipelineModule({ stages: [Nightly] })
class Jobs {}

const tokens = Test.tokens();
const verifier = new JwtVerifier({ ...tokens.trust, claims: ClaimMappings.oidc() });

it('rules without anything that tells who calls refuse to start, in both front doors (118)', async () => {
  const refused = await Stageflow.create(Jobs).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(DefinitionError);
  expect(refused).toMatchObject({ code: 'AUTH_NOT_CONFIGURED' });
  const built = new Pipeline('jobs').withStage('a', () => ({}), { access: [Access.authenticated()] });
  expect(() => built.build()).toThrow(/nothing tells who calls/);
  expect(() => built.build({ verifier })).not.toThrow();
});

it('a token that nobody can verify is refused, not ignored (118)', async () => {
  const pipeline = new Pipeline('open').withStage('a', () => ({}));
  await expect(pipeline.run({ token: 'literally-anything' })).rejects.toMatchObject({ code: 'AUTH_NOT_CONFIGURED' });
});

it('a service account is a principal of its own kind, without a user (125)', async () => {
  await using app = await Stageflow.create(Jobs, { verifier });
  const machine = tokens.sign({ sub: 'nightly', client_id: 'nightly', scope: 'jobs:run' });
  const run = app.start(Jobs, { token: machine });
  const logins: unknown[] = [];
  for await (const event of run.events) if (event.type === 'auth.login') logins.push([event.kind, event.principalId]);
  expect((await run.result).results.of(Nightly)).toEqual({ by: 'nightly', user: null });
  expect(logins).toEqual([['service-account', 'nightly']]);
  const user = await app.start(Jobs, { token: tokens.sign({ sub: 'ann' }) }).result;
  expect(user.results.stage(Nightly).failure?.code).toBe('AUTH_FORBIDDEN');
});

it('the ids of a run are those of its caller, whatever else it is started with (113)', async () => {
  await using app = await Stageflow.create(Jobs, { verifier });
  const token = tokens.sign({ sub: 'nightly', client_id: 'nightly' });
  const input = { userId: 'root', orgId: 'globex', auth: { userId: 'root' } };
  const run = app.start(Jobs, { token, input, metadata: { orgId: 'globex' } });
  expect((await run.result).results.identity).toMatchObject({ userId: null, orgId: null });
  await expect(app.run(Jobs, { token, identity: { userId: 'root' } })).rejects.toMatchObject({
    code: 'RUN_INPUT_INVALID',
  });
  await expect(app.run(Jobs, { auth: AuthContext.anonymous })).rejects.toMatchObject({ code: 'RUN_INPUT_INVALID' });
});
