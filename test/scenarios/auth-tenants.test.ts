import {
  AuthContext,
  DependsOn,
  Injectable,
  type OrgContext,
  PipelineModule,
  RequireAuth,
  RequireRoles,
  Stage,
  type StageContext,
  StageFailedError,
  Stageflow,
} from 'stageflow';
import { ClaimMappings, JwtVerifier } from 'stageflow/auth';
import { Test } from 'stageflow/testing';
import { expect, it } from 'vitest';

interface Invoice {
  readonly id: string;
  readonly orgId: string | null;
  readonly shared?: boolean;
}

@Injectable()
class Invoices {
  readonly #all: readonly Invoice[] = [
    { id: 'a-1', orgId: 'acme' },
    { id: 'g-1', orgId: 'globex' },
    { id: 'terms', orgId: 'globex', shared: true },
  ];
  find(id: string, org: OrgContext): Invoice {
    const invoice = this.#all.find((one) => one.id === id) ?? { id, orgId: null };
    org.assertOwns(invoice, 'the invoice');
    return invoice;
  }
}

@Stage()
class Load {
  constructor(private readonly invoices: Invoices) {}
  execute(ctx: StageContext) {
    return { invoice: this.invoices.find(ctx.snapshot.inputText ?? '', ctx.org).id };
  }
}
@Stage()
@DependsOn(Load)
@RequireRoles('accountant')
class Book {
  execute(ctx: StageContext<typeof Load>) {
    return { booked: ctx.inputs.of(Load).invoice, by: ctx.auth.userId };
  }
}
@PipelineModule({ stages: [Load, Book], providers: [Invoices] })
@RequireAuth()
class Booking {}

const tokens = Test.tokens();
const verifier = new JwtVerifier({ ...tokens.trust, claims: ClaimMappings.oidc({ orgId: 'org_id', roles: 'roles' }) });
const tokenOf = (org_id: string | undefined, ...roles: string[]) => tokens.sign({ sub: 'ann', org_id, roles });

async function book(inputText: string, token: string) {
  await using app = await Stageflow.create(Booking, { verifier });
  const run = app.start(Booking, { inputText, token });
  const denied: unknown[] = [];
  for await (const event of run.events) {
    if (event.type === 'tenant.access_denied') denied.push([event.stage, event.reason]);
    if (event.type === 'access.denied') denied.push([event.stage, event.reason, ...event.missing]);
  }
  const outcome = await run.result;
  const error = outcome.status === 'failed' ? outcome.error : null;
  return { status: outcome.status, code: error instanceof StageFailedError ? error.failureCode : error?.code, denied };
}

it('the own invoice and a shared one can be booked (122)', async () => {
  const token = tokenOf('acme', 'accountant');
  expect(await book('a-1', token)).toEqual({ status: 'completed', code: undefined, denied: [] });
  expect((await book('terms', token)).status).toBe('completed');
});

it("another organisation's invoice is out of reach, and the run fails (122)", async () => {
  const refused = await book('g-1', tokenOf('acme', 'accountant'));
  expect(refused).toEqual({ status: 'failed', code: 'TENANT_ACCESS_DENIED', denied: [['Load', 'other-org']] });
});

it('a caller without organisation owns nothing (123)', async () => {
  expect((await book('a-1', tokenOf(undefined, 'accountant'))).denied).toEqual([['Load', 'no-org']]);
});

it('who lacks the role is denied, and the run fails', async () => {
  const refused = await book('a-1', tokenOf('acme', 'clerk'));
  expect(refused).toEqual({
    status: 'failed',
    code: 'AUTH_FORBIDDEN',
    denied: [['Book', 'missing-role', 'accountant']],
  });
});

it('nothing of one tenant is seen by another', async () => {
  const { leaks, failed } = await Test.tenantLeaks(Booking, {
    roles: ['accountant'],
    runs: 200,
    input: () => ({ inputText: 'terms' }),
  });
  expect([leaks, failed]).toEqual([[], 0]);
});

it('one stage alone, and a pipeline, can be tested with a caller', async () => {
  const ann = AuthContext.verified({ userId: 'ann', orgId: 'acme', roles: ['accountant'] });
  const booked = await Test.createStage(Book).given(Load, { invoice: 'a-1' }).withAuth(ann).run();
  expect(booked.data).toEqual({ booked: 'a-1', by: 'ann' });
  const anonymous = await Test.createStage(Book).given(Load, { invoice: 'a-1' }).run();
  expect(anonymous.failure?.code).toBe('AUTH_FORBIDDEN');
  await using pipeline = await Test.createPipeline(Booking).withAuth(ann).compile();
  expect((await pipeline.run({ inputText: 'a-1' })).of(Book).by).toBe('ann');
});
