import { describe, expect, it } from 'vitest';
import {
  Access,
  type AccessPolicy,
  type AccessRule,
  AuthContext,
  OrgContext,
  TenantGuard,
} from '../../../src/auth/index.js';
import { RetryInterceptor } from '../../../src/interceptors/index.js';
import { Engine, type EngineOptions } from '../../../src/run/index.js';
import { type Interceptor, InterceptorPriority, type StageContext, StageOutput } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { ManualClock } from '../../../src/testing/manual-clock.js';
import { bind, type HandOptions, type HandStage, statusOf, thrown } from './hand-bound.js';
import { Watch } from './watch.js';

const ann = AuthContext.verified({ userId: 'ann', orgId: 'acme', roles: ['reader'] });
const admins = [Access.anyRole('admin')];
const readers = [Access.anyRole('reader')];

type Ruled = HandStage & { readonly access?: readonly AccessRule[] };

class Rig {
  readonly watch = new Watch();
  readonly clock = new ManualClock();
  readonly engine: Engine;
  readonly called: string[] = [];
  readonly bound;

  constructor(stages: readonly Ruled[], options: HandOptions & EngineOptions = {}) {
    const recorded = stages.map((stage) => ({
      ...stage,
      run: (ctx: StageContext) => {
        this.called.push(stage.name);
        return stage.run?.(ctx);
      },
    }));
    const bound = bind(recorded, options);
    this.bound = { ...bound, stages: bound.stages.map((one, i) => ({ ...one, access: stages[i]?.access ?? [] })) };
    this.engine = new Engine({
      clock: this.clock,
      trustedCallers: true,
      ...options,
      sinks: [...(options.sinks ?? []), this.watch],
    });
  }

  start(auth: AuthContext = ann) {
    return this.engine.start(this.bound, { auth });
  }

  outcome(auth: AuthContext = ann) {
    return this.start(auth).result;
  }
}

/** Answers when the test lets it. */
class Slow implements AccessPolicy {
  readonly gate = new Gate<boolean>();
  decide() {
    return this.gate.pass();
  }
}

describe('a stage with access rules', () => {
  it('runs for whom they allow, and says so once', async () => {
    const rig = new Rig([{ name: 'a', access: readers }, { name: 'b' }, { name: 'c', access: [Access.public()] }]);
    expect((await rig.outcome()).status).toBe('completed');
    expect(rig.watch.ofType('access.granted').map(({ stage }) => stage)).toEqual(['a']);
  });

  it('is decided by its own rules, also where the stages before it were let in by others', async () => {
    const rules = [readers, [Access.anyRole('reader')], admins, [Access.authenticated(), ...readers]];
    const stages = rules.map((access, index) => ({ name: `s${index}`, access }));
    const rig = new Rig(stages, { failurePolicy: 'continue', maxConcurrency: 1 });
    const outcome = await rig.outcome();
    expect(stages.map(({ name }) => statusOf(outcome, name))).toEqual(['ok', 'ok', 'fail', 'ok']);
    expect(rig.called).toEqual(['s0', 's1', 's3']);
    expect(rig.watch.ofType('access.granted').map(({ stage }) => stage)).toEqual(['s0', 's1', 's3']);
  });

  it('is decided anew for every run', async () => {
    const rig = new Rig([{ name: 'a', access: readers }]);
    const bob = AuthContext.verified({ userId: 'bob', orgId: 'acme', roles: [] });
    const outcomes = [await rig.outcome(), await rig.outcome(bob), await rig.outcome()];
    expect(outcomes.map(({ status }) => status)).toEqual(['completed', 'failed', 'completed']);
  });

  it('asks a policy for every stage, whatever it said before', async () => {
    const asked: string[] = [];
    const policy: AccessPolicy = {
      decide: ({ subject }) => {
        asked.push(subject);
        return asked.length === 1;
      },
    };
    const access = [Access.policy(policy)];
    const rig = new Rig(
      [
        { name: 'a', access },
        { name: 'b', access },
      ],
      { failurePolicy: 'continue', maxConcurrency: 1 },
    );
    await rig.outcome();
    expect([rig.called, asked]).toEqual([['a'], ['stage "a"', 'stage "b"']]);
  });

  it('fails for everybody else, uncalled, whatever stands around it (078)', async () => {
    const around: string[] = [];
    const outermost: Interceptor = {
      priority: InterceptorPriority.Security - 1_000,
      intercept: () => {
        around.push('asked');
        return StageOutput.ok({});
      },
    };
    const retry = RetryInterceptor.with({ attempts: 3, delayMs: 0, retryIf: () => true });
    const rig = new Rig([{ name: 'a', access: admins, interceptors: [outermost, retry] }]);
    const outcome = await rig.outcome();
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(outcome.error).toMatchObject({ code: 'STAGE_FAILED', failureCode: 'AUTH_FORBIDDEN', retryable: false });
    expect(outcome.results.stage('a')).toMatchObject({ status: 'fail', attempts: 0 });
    expect([rig.called, around]).toEqual([[], []]);
    expect(rig.watch.types).toEqual([
      'pipeline.started',
      'auth.login',
      'access.denied',
      'stage.failed',
      'pipeline.failed',
    ]);
    const [denied] = rig.watch.ofType('access.denied');
    expect(denied).toMatchObject({ stage: 'a', rule: 'roles', reason: 'missing-role', missing: ['admin'] });
  });

  it('is closed to anonymous callers', async () => {
    const rig = new Rig([{ name: 'a', access: [Access.authenticated()] }]);
    const outcome = await rig.outcome(AuthContext.anonymous);
    expect([outcome.status, rig.called]).toEqual(['failed', []]);
    expect(rig.watch.ofType('access.denied')).toMatchObject([{ reason: 'not-authenticated' }]);
  });

  it('ends the run also where its dependents could do without it', async () => {
    const stages: Ruled[] = [
      { name: 'extra', access: admins },
      { name: 'main', dependsOn: [{ stage: 'extra', optional: true }] },
    ];
    const strict = new Rig(stages);
    expect([(await strict.outcome()).status, strict.called]).toEqual(['failed', []]);
    // Under `continue` the rest is finished, sees a failed dependency, and the run has failed all the same.
    const seen: unknown[] = [];
    const main = {
      ...stages[1]!,
      run: (ctx: any) => void seen.push(ctx.inputs.status('extra').status, ctx.inputs.from('extra')),
    };
    const lenient = new Rig([stages[0]!, main], { failurePolicy: 'continue' });
    expect([(await lenient.outcome()).status, lenient.called, seen]).toEqual(['failed', ['main'], ['fail', undefined]]);
  });

  it('ends the run too when it is denied something inside', async () => {
    const run = (ctx: { org: OrgContext }) => ctx.org.assertOwns('globex', 'the invoice');
    const rig = new Rig([
      { name: 'extra', run },
      { name: 'main', dependsOn: [{ stage: 'extra', optional: true }] },
    ]);
    expect([(await rig.outcome()).status, rig.called]).toEqual(['failed', ['extra']]);
  });

  it('is not asked about where it is not selected: its condition comes first', async () => {
    const rig = new Rig([{ name: 'a', access: admins, when: () => false }, { name: 'b' }]);
    const outcome = await rig.outcome();
    expect([outcome.status, statusOf(outcome, 'a'), rig.watch.ofType('access.denied')]).toEqual([
      'completed',
      'skip',
      [],
    ]);
  });

  it('is asked about after a condition that holds', async () => {
    const rig = new Rig([{ name: 'a', access: admins, when: () => true }]);
    expect([(await rig.outcome()).status, rig.called]).toEqual(['failed', []]);
  });

  it('cannot run on an engine that does not know its callers', () => {
    const rig = new Rig([
      { name: 'a', access: admins },
      { name: 'b', access: [Access.public()] },
    ]);
    expect(thrown(() => new Engine().start(rig.bound))).toMatchObject({
      code: 'AUTH_NOT_CONFIGURED',
      details: { stages: ['a'] },
    });
    expect(() => new Engine().start(bindPublic())).not.toThrow();
  });

  const bindPublic = () => new Rig([{ name: 'b', access: [Access.public()] }]).bound;

  it('is denied by rules that cannot be read', async () => {
    for (const rule of [{ rule: 'roles', match: 'any', names: 'reader' }, { rule: 'unheard-of' }, null]) {
      const rig = new Rig([{ name: 'a', access: [rule as never] }]);
      expect([(await rig.outcome()).status, rig.called]).toEqual(['failed', []]);
    }
  });
});

describe('a policy', () => {
  it('is asked with the caller, the stage and the input of the run', async () => {
    const asked: unknown[] = [];
    const policy: AccessPolicy = {
      decide: ({ auth, org, subject, resource }) => {
        asked.push(auth.userId, org.orgId, subject, resource);
        return true;
      },
    };
    const rig = new Rig([{ name: 'a', access: [Access.policy(policy)] }]);
    await rig.engine.run(rig.bound, { auth: ann, input: { amount: 5 } });
    expect(asked).toEqual(['ann', 'acme', 'stage "a"', { amount: 5 }]);
  });

  it('may take its time, while other stages go on', async () => {
    const slow = new Slow();
    const rig = new Rig([{ name: 'a', access: [Access.policy(slow)] }, { name: 'b' }]);
    const outcome = rig.outcome();
    await slow.gate.reached;
    expect([rig.called, rig.watch.types.includes('stage.completed')]).toEqual([['b'], true]);
    slow.gate.open(true);
    expect([(await outcome).status, rig.called]).toEqual(['completed', ['b', 'a']]);
  });

  it.each([
    ['says no', (slow: Slow) => slow.gate.open(false), 'policy-denied'],
    ['rejects', (slow: Slow) => slow.gate.fail(new Error('database')), 'policy-failed'],
  ])('that %s later denies', async (_what, answer, reason) => {
    const slow = new Slow();
    const rig = new Rig([{ name: 'a', access: [Access.policy(slow)] }]);
    const outcome = rig.outcome();
    await slow.gate.reached;
    answer(slow);
    expect([(await outcome).status, rig.called]).toEqual(['failed', []]);
    expect(rig.watch.ofType('access.denied')).toMatchObject([{ rule: 'policy', reason, missing: ['Slow'] }]);
  });

  it('that never answers denies when its time is over', async () => {
    const slow = new Slow();
    const rig = new Rig([{ name: 'a', access: [Access.policy(slow)] }], { verifyMs: 30 });
    const outcome = rig.outcome();
    await rig.clock.advance(30);
    const { status } = await outcome;
    slow.gate.open(true);
    await slow.gate.passed;
    expect([status, rig.called, rig.watch.ofType('access.denied')[0]?.reason]).toEqual(['failed', [], 'policy-failed']);
  });

  it('is waited for no more when the run, or the stage alone, is cancelled', async () => {
    const slow = new Slow();
    const rig = new Rig([{ name: 'a', access: [Access.policy(slow)] }]);
    const run = rig.start();
    run.cancel('enough');
    const outcome = await run.result;
    expect([outcome.status, statusOf(outcome, 'a')]).toEqual(['cancelled', 'not-started']);

    const second = new Slow();
    const other = new Rig([{ name: 'a', access: [Access.policy(second)] }, { name: 'b' }]);
    const started = other.start();
    expect(started.cancelStage('a')).toBe(true);
    second.gate.open(true);
    expect([statusOf(await started.result, 'a'), other.called]).toEqual(['cancel', ['b']]);
  });

  it('that ends the run keeps its stage from starting', async () => {
    const stop = new AbortController();
    const decide = () => {
      stop.abort('stop');
      return true;
    };
    const rig = new Rig([{ name: 'a', access: [Access.policy({ decide })] }]);
    const run = rig.engine.start(rig.bound, { auth: ann }, { signal: stop.signal });
    expect([(await run.result).status, rig.called]).toEqual(['cancelled', []]);
  });
});

describe('what the organisation of a run does not own', () => {
  const reach = (run: HandStage['run'], auth = ann) => {
    const rig = new Rig([{ name: 'load', ...(run ? { run } : {}) }]);
    return rig.outcome(auth).then((outcome) => ({ outcome, denied: rig.watch.ofType('tenant.access_denied') }));
  };
  const other = { orgId: 'globex' };

  it('is denied, and reported with the stage (122)', async () => {
    const { outcome, denied } = await reach((ctx) => ctx.org.assertOwns(other, 'the invoice'));
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(outcome.error).toMatchObject({ failureCode: 'TENANT_ACCESS_DENIED' });
    expect(denied).toMatchObject([{ stage: 'load', subject: 'the invoice', reason: 'other-org' }]);
    expect(JSON.stringify(denied)).not.toContain('globex');
  });

  it('is reported also when the stage swallows the denial', async () => {
    const { outcome, denied } = await reach((ctx) => void thrown(() => ctx.org.assertOwns(other)));
    expect([outcome.status, denied.length]).toEqual(['completed', 1]);
  });

  it('is reported when a guard denied it', async () => {
    const { denied } = await reach((ctx) => void new TenantGuard(ctx.org).check(other, 'the file'));
    expect(denied).toMatchObject([{ stage: 'load', subject: 'the file' }]);
  });

  it('stays out of reach without an organisation (123)', async () => {
    const nobody = AuthContext.verified({ userId: 'joe' });
    const { denied } = await reach((ctx) => void ctx.org.requireOrgId(), nobody);
    expect(denied).toMatchObject([{ reason: 'no-org' }]);
    expect((await reach((ctx) => ctx.org.assertOwns({ orgId: null }), AuthContext.anonymous)).denied).toHaveLength(1);
  });

  it('does not include what is its own, or shared (122)', async () => {
    const { outcome, denied } = await reach((ctx) => {
      ctx.org.assertOwns({ orgId: 'acme' });
      ctx.org.assertOwns({ orgId: 'globex', shared: true });
    });
    expect([outcome.status, denied]).toEqual(['completed', []]);
  });

  it('stays out of reach, as a denied stage stays denied, when every sink throws (120)', async () => {
    const broken = {
      emit: () => {
        throw new Error('broken sink');
      },
    };
    const rejecting = { emit: () => Promise.reject(new Error('broken later')) };
    const run = (ctx: StageContext) => ctx.org.assertOwns(other);
    for (const stage of [
      { name: 'load', run },
      { name: 'load', access: admins },
    ]) {
      const rig = new Rig([stage, { name: 'use', dependsOn: ['load'] }], { sinks: [broken, rejecting] });
      expect((await rig.outcome()).status).toBe('failed');
      expect(rig.called).not.toContain('use');
      expect(rig.watch.types.filter((type) => type.endsWith('denied'))).toHaveLength(1);
    }
  });

  it('is denied whatever a listener does (120)', () => {
    const org = OrgContext.verified({ orgId: 'acme' }).watchedBy(() => {
      throw new Error('broken');
    });
    const told: unknown[] = [];
    const twice = org.watchedBy((error) => told.push(error.reason));
    expect(thrown(() => twice.assertOwns('globex'))).toMatchObject({ code: 'TENANT_ACCESS_DENIED' });
    expect([told, OrgContext.is(twice)]).toEqual([['other-org'], true]);
  });
});
