import {
  Access,
  type AccessPolicy,
  type AccessRequest,
  AuthContext,
  DefinitionError,
  defineTool,
  Injectable,
  OrgContext,
  Pipeline,
  PipelineModule,
  RequirePolicy,
  RequireRoles,
  Stage,
  type StageContext,
  Stageflow,
  Tool,
  type ToolContext,
} from 'stageflow';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const input = z.object({ account: z.string(), userId: z.string().optional() });
const facts = { description: 'Reads an account.', input, effect: 'read' } as const;

@Injectable()
class Owners {
  isOwner(userId: string | null, account: string) {
    return account === `of-${userId}`;
  }
}

/** Decides by what the tool is to be used on. */
@Injectable()
class OwnAccount implements AccessPolicy {
  constructor(private readonly owners: Owners) {}
  decide({ auth, resource }: AccessRequest) {
    return this.owners.isOwner(auth.userId, (resource as { account: string }).account);
  }
}

@RequirePolicy(OwnAccount)
@Tool({ ...facts, name: 'balance' })
class Balance {
  execute(_: unknown, { auth, org }: ToolContext) {
    return { user: auth.userId, tenant: org.tenantId };
  }
}

@Tool({ ...facts, name: 'audit' })
class Audit {
  execute() {
    return 'audited';
  }
}

@RequireRoles('auditor')
@PipelineModule({ tools: [Audit] })
class Auditing {}

@Stage()
class Ask {
  async execute(ctx: StageContext) {
    const given = { account: 'of-ann', userId: 'eve', auth: { userId: 'eve' }, org: { tenantId: 'evil' } };
    const balance = await ctx.tools.invoke({ id: 'a', name: 'balance', arguments: given });
    const audit = await ctx.tools.invoke({ id: 'b', name: 'audit', arguments: given });
    return { balance: balance.output ?? balance.status, audit: audit.status };
  }
}

@PipelineModule({ stages: [Ask], tools: [Balance], imports: [Auditing], providers: [Owners] })
class Bank {}

async function askedBy(userId: string, roles: readonly string[] = []) {
  await using app = await Stageflow.create(Bank, { trustedCallers: true });
  const auth = AuthContext.verified({ userId, orgId: 'acme', roles });
  const org = OrgContext.verified({ orgId: 'acme', tenantId: 'eu' });
  return (await app.run(Bank, { auth, org })).of(Ask);
}

describe('the caller of a tool', () => {
  it('is that of the run, whatever the arguments say, and is asked for by policies that the container builds', async () => {
    expect(await askedBy('ann')).toEqual({ balance: { user: 'ann', tenant: 'eu' }, audit: 'denied' });
    expect(await askedBy('eve')).toEqual({ balance: 'denied', audit: 'denied' });
  });

  it('has to keep the rules of the module that lists the tool', async () => {
    expect(await askedBy('ann', ['auditor'])).toMatchObject({ audit: 'completed' });
  });

  it('is asked by policy classes of builder pipelines, too', async () => {
    class Nobody implements AccessPolicy {
      decide() {
        return false;
      }
    }
    const tool = defineTool({ ...facts, name: 'balance', access: [Access.policy(Nobody)], execute: () => 'all of it' });
    const pipeline = new Pipeline('p')
      .withTools(tool)
      .withStage('s', (ctx) => ctx.tools.invoke({ id: 'a', name: 'balance', arguments: { account: 'a' } }));
    const results = await pipeline
      .build({ trustedCallers: true })
      .run({ auth: AuthContext.verified({ userId: 'ann' }) });
    expect(results.of('s').error).toMatchObject({ code: 'TOOL_DENIED', reason: 'access' });
  });
});

it('a tool that asks for the caller in its constructor is reported, with all else that is wrong (DI_CAPTIVE_SCOPE)', async () => {
  @Tool({ ...facts, name: 'mine' })
  class Mine {
    constructor(readonly auth: AuthContext) {}
    execute() {
      return this.auth.userId;
    }
  }
  @Stage()
  class NeedsNobody {
    constructor(readonly missing: Owners) {}
    execute() {
      return {};
    }
  }
  @PipelineModule({ stages: [NeedsNobody], tools: [Mine] })
  class Broken {}

  const error = await Stageflow.create(Broken).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DefinitionError);
  const { problems } = error as DefinitionError;
  expect(problems.map(({ code }) => code).sort()).toEqual(['DI_CAPTIVE_SCOPE', 'DI_MISSING_PROVIDER']);
  expect(problems.find(({ code }) => code === 'DI_CAPTIVE_SCOPE')?.message).toContain('Tool Mine serves all runs');
});
