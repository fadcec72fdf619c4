import { describe, expect, it } from 'vitest';
import {
  Injectable,
  PipelineModule,
  Public,
  RequireAuth,
  RequirePolicy,
  RequireRoles,
  Stage,
} from '../../../decorators/index.js';
import { type AccessPolicy, type AccessRequest, AuthContext, OrgContext } from '../../../src/auth/index.js';
import { Scope } from '../../../src/metadata/index.js';
import type { StageContext } from '../../../src/stage/index.js';
import { codesOf, create, failureOf, problemsOf } from './fixtures.js';

const ann = AuthContext.verified({ userId: 'ann', orgId: 'acme', roles: ['reader'] });
const trusted = { trustedCallers: true };

@Injectable()
class Budgets {
  readonly limit = 100;
}

@Injectable()
class OwnBudget implements AccessPolicy {
  static built = 0;
  constructor(private readonly budgets: Budgets) {
    OwnBudget.built++;
  }
  decide({ resource }: AccessRequest) {
    return (resource as { amount: number }).amount <= this.budgets.limit;
  }
}

@Stage()
@RequirePolicy(OwnBudget)
class Pay {
  execute() {
    return { paid: true };
  }
}
@Stage()
@Public()
class Ping {
  execute() {}
}
@Stage()
class Plain {
  execute() {}
}

const accessOf = async (root: new () => object, stage: string) => {
  await using app = await create(root, trusted);
  const { pipelines } = app.describe();
  return pipelines.find(({ module }) => module === root.name)?.stages.find((one) => one.stage === stage)?.access;
};

describe('access rules in an application', () => {
  it('ask policies that the container builds, once for all runs', async () => {
    @PipelineModule({ stages: [Pay], providers: [Budgets] })
    class Payments {}
    await using app = await create(Payments, trusted);
    const pay = (amount: number) => app.start(Payments, { auth: ann, input: { amount } }).result;
    expect((await pay(100)).status).toBe('completed');
    expect((await pay(101)).status).toBe('failed');
    expect(OwnBudget.built).toBe(1);
    expect(app.describe().toString()).toContain('for policy OwnBudget');
  });

  it('add up over modules: an importing pipeline closes what the imported module leaves open', async () => {
    @PipelineModule({ stages: [Ping, Plain] })
    @Public()
    class Open {}
    @PipelineModule({ stages: [], imports: [Open] })
    class Nothing {}
    @PipelineModule({ stages: [Pay], providers: [Budgets], imports: [Open] })
    @RequireAuth()
    class Shop {}
    @PipelineModule({ stages: [Pay], providers: [Budgets], imports: [Open, Nothing] })
    @RequireRoles('admin')
    class Admin {}
    expect(await accessOf(Open, 'Plain')).toEqual(['public']);
    expect(await accessOf(Shop, 'Plain')).toEqual(['any recognised caller']);
    expect(await accessOf(Shop, 'Ping')).toEqual(['public']);
    expect(await accessOf(Shop, 'Pay')).toEqual(['any recognised caller', 'policy OwnBudget']);
    expect(await accessOf(Admin, 'Ping')).toEqual(['role admin', 'public']);
    expect(await accessOf(Admin, 'Plain')).toEqual(['role admin']);
  });

  it('refuse to start where nothing tells who calls, together with everything else that is wrong (118)', async () => {
    @Stage()
    class Lost {
      constructor(readonly missing: Missing) {}
      execute() {}
    }
    @PipelineModule({ stages: [Pay, Lost, Ping], providers: [Budgets] })
    class Payments {}
    expect([...(await codesOf(Payments))].sort()).toEqual(['AUTH_NOT_CONFIGURED', 'DI_MISSING_PROVIDER']);
    const problem = (await problemsOf(Payments)).find(({ code }) => code === 'AUTH_NOT_CONFIGURED');
    expect(problem?.message).toContain('"Pay"');
    expect(problem?.message).not.toContain('Ping');
  });
  class Missing {}

  it('ask for the policy of a pipeline where its services are, also for stages of an imported module', async () => {
    @PipelineModule({ stages: [Plain] })
    class Library {}
    @PipelineModule({ stages: [Ping], imports: [Library], providers: [Budgets] })
    @RequirePolicy(OwnBudget)
    class Shop {}
    await using app = await create(Shop, trusted);
    const status = async (amount: number) => (await app.start(Shop, { auth: ann, input: { amount } }).result).status;
    expect([await status(1), await status(1_000)]).toEqual(['completed', 'failed']);
    // On its own the library knows nothing of the shop.
    expect((await app.start(Library, {}).result).status).toBe('completed');
  });

  it('refuse policies of one run, since a policy serves all', async () => {
    @Injectable()
    class Mine implements AccessPolicy {
      constructor(readonly auth: AuthContext) {}
      decide() {
        return true;
      }
    }
    @Stage()
    @RequirePolicy(Mine)
    class Act {
      execute() {}
    }
    @PipelineModule({ stages: [Act] })
    class Acting {}
    const [problem] = await problemsOf(Acting, trusted);
    expect(problem).toMatchObject({ code: 'DI_CAPTIVE_SCOPE' });
    expect(problem?.message).toContain('Access policy Mine');
  });

  it('can be overridden by policy, like any provider', async () => {
    @PipelineModule({ stages: [Pay], providers: [Budgets] })
    class Payments {}
    const never = { decide: () => false };
    await using app = await create(Payments, { ...trusted, overrides: [{ provide: OwnBudget, useValue: never }] });
    expect((await app.start(Payments, { auth: ann, input: { amount: 1 } }).result).status).toBe('failed');
    const noPolicy = { ...trusted, overrides: [{ provide: OwnBudget, useValue: { allow: true } }] };
    expect(await failureOf(create(Payments, noPolicy))).toMatchObject({ code: 'DI_INVALID_PROVIDER' });
  });

  it('give every service of a run the caller that was verified, injected as well', async () => {
    @Injectable()
    class Mailbox {
      constructor(
        readonly auth: AuthContext,
        readonly org: OrgContext,
      ) {}
    }
    @Stage()
    class Read {
      constructor(readonly mailbox: Mailbox) {}
      execute(ctx: StageContext) {
        this.mailbox.org.assertOwns('acme');
        return { same: this.mailbox.auth === ctx.auth, user: this.mailbox.auth.userId };
      }
    }
    @PipelineModule({ stages: [Read], providers: [Mailbox] })
    class Mail {}
    const verifier = { verify: async () => ({ auth: ann }) };
    await using app = await create(Mail, { verifier });
    expect((await app.run(Mail, { token: 't' })).of(Read)).toEqual({ same: true, user: 'ann' });
    expect(await failureOf(app.run(Mail))).toMatchObject({ code: 'AUTH_TOKEN_MISSING' });
  });
});

describe('a provider of a tenant', () => {
  @Injectable({ scope: Scope.Tenant })
  class Documents {
    constructor(readonly org: OrgContext) {}
  }
  @Stage()
  class Load {
    constructor(readonly documents: Documents) {}
    execute() {
      return { of: this.documents.org.orgId };
    }
  }
  @PipelineModule({ stages: [Load], providers: [Documents] })
  class Loading {}

  it('belongs to one run of one organisation, and a run without one is refused', async () => {
    await using app = await create(Loading, trusted);
    expect((await app.run(Loading, { auth: ann })).of(Load)).toEqual({ of: 'acme' });
    const run = app.start(Loading);
    expect(await failureOf(app.run(Loading))).toMatchObject({ code: 'TENANT_ACCESS_DENIED' });
    const { results } = await run.result;
    expect(results.stage('Load').status).toBe('not-started');
    expect(app.describe().modules[0]?.providers).toContainEqual(
      expect.objectContaining({ token: 'Documents', scope: 'tenant' }),
    );
  });

  it('cannot be captured by what all runs share', async () => {
    @Injectable({ scope: Scope.Singleton })
    class Cache {
      constructor(readonly documents: Documents) {}
    }
    @PipelineModule({ stages: [Load], providers: [Documents, Cache] })
    class Caching {}
    const [problem] = await problemsOf(Caching);
    expect(problem).toMatchObject({ code: 'DI_CAPTIVE_SCOPE', details: { path: ['Cache', 'Documents'] } });
  });
});
