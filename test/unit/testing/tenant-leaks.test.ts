import { expect, it } from 'vitest';
import { DependsOn, Injectable, Intercept, PipelineModule, RequireAuth, Stage } from '../../../decorators/index.js';
import { AuthContext } from '../../../src/auth/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import type { Interceptor, Next, StageContext } from '../../../src/stage/index.js';
import { Test } from '../../../src/testing/index.js';

@Injectable()
class Profile {
  constructor(readonly auth: AuthContext) {}
}
@Stage()
class Load {
  constructor(readonly profile: Profile) {}
  async execute(ctx: StageContext) {
    ctx.bag.set('user', this.profile.auth.userId);
    ctx.logger.info('loading', { for: ctx.snapshot.inputText });
    return { text: ctx.snapshot.inputText, user: this.profile.auth.userId };
  }
}
@Stage()
@DependsOn(Load)
@RequireAuth()
class Greet {
  execute(ctx: StageContext<typeof Load>) {
    ctx.emit('greeted', { org: ctx.org.orgId });
    return { greeting: `${ctx.inputs.of(Load).text} ${ctx.bag.get('user')} ${ctx.auth.claims.marker}` };
  }
}
@PipelineModule({ stages: [Load, Greet], providers: [Profile] })
class Clean {}

it('10,000 interleaved runs of 50 tenants over a clean pipeline have no leaks', { timeout: 60_000 }, async () => {
  const report = await Test.tenantLeaks(Clean, { tenants: 50, runs: 10_000, concurrency: 64, seed: 7 });
  expect(report).toEqual({ runs: 10_000, tenants: 50, failed: 0, leaks: [] });
});

/** Where leaks were seen, each place once. */
async function places(pipeline: Parameters<typeof Test.tenantLeaks>[0], more = {}) {
  const { leaks, failed } = await Test.tenantLeaks(pipeline, { tenants: 5, runs: 100, ...more });
  for (const { from, to } of leaks) expect(from.orgId).not.toBe(to.orgId);
  return { places: [...new Set(leaks.map(({ where }) => where))].sort(), failed };
}

it('a cache of the module that forgets the tenant in its key is found', async () => {
  const cache = new Map<string, unknown>();
  const pipeline = new Pipeline('cached').withStage('load', (ctx) => {
    const cached = cache.get('profile') ?? { of: ctx.auth.userId };
    cache.set('profile', cached);
    return cached as { of: string };
  });
  expect((await places(pipeline)).places).toEqual(['output of load']);
});

it('what a stage puts into the bag for another tenant is found, also where no output shows it', async () => {
  let last = 'nobody';
  const pipeline = new Pipeline('bagged').withStage('load', (ctx) => {
    ctx.bag.set('before', last);
    last = ctx.auth.userId ?? 'nobody';
  });
  expect((await places(pipeline)).places).toEqual(['bag before']);
});

it('a singleton that keeps the caller of the last run is found', async () => {
  @Injectable()
  class Last {
    user: string | null = null;
  }
  @Injectable()
  class Remember implements Interceptor {
    constructor(readonly last: Last) {}
    intercept(ctx: StageContext, next: Next) {
      this.last.user = ctx.auth.userId;
      return next();
    }
  }
  @Stage()
  @Intercept(Remember)
  class Write {
    constructor(readonly last: Last) {}
    async execute(ctx: StageContext) {
      await undefined;
      ctx.emit('written', [this.last.user]);
      ctx.logger.info(`by ${this.last.user}`);
      if (this.last.user !== ctx.auth.userId) throw new Error('wrong user', { cause: new Map([[this.last.user, 1]]) });
    }
  }
  @PipelineModule({ stages: [Write], providers: [Last] })
  class Writing {}
  const found = await places(Writing);
  expect(found.places).toEqual(['error', 'event custom', 'failure of Write', 'log']);
  expect(found.failed).toBeGreaterThan(0);
});

it('what else a tenant can see is looked at on demand', async () => {
  const seen: unknown[] = [];
  const pipeline = new Pipeline('p').withStage('a', (ctx) => void seen.push(Buffer.from(ctx.snapshot.inputText ?? '')));
  expect((await places(pipeline)).places).toEqual([]);
  expect((await places(pipeline, { alsoInspect: () => ({ deep: [new Set(seen)] }) })).places).toEqual(['alsoInspect']);
});

it('the same seed gives the same runs, and callers can be given rights', async () => {
  const order = async (seed: number) => {
    const users: unknown[] = [];
    const pipeline = new Pipeline('p').withStage('a', (ctx) => void users.push(ctx.auth.userId, ctx.auth.roles[0]));
    await Test.tenantLeaks(pipeline, { runs: 20, seed, roles: ['admin'] });
    return users;
  };
  const first = await order(3);
  expect(await order(3)).toEqual(first);
  expect(await order(4)).not.toEqual(first);
  expect(first).toContain('admin');
});
