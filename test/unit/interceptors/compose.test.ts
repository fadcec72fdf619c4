import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../../src/pipeline/index.js';
import { type Interceptor, InterceptorPriority, type StageContext, StageOutput } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { type HandStage, Rig, statusOf } from '../run/hand-bound.js';

/** Writes down when it comes before and after what is inside. */
const recording = (name: string, log: string[], priority?: number): Interceptor => ({
  name,
  ...(priority === undefined ? {} : { priority }),
  intercept: async (_, next) => {
    log.push(`before ${name}`);
    const output = await next();
    log.push(`after ${name}`);
    return output;
  },
});

const layer = (name: string, intercept: Interceptor['intercept']): Interceptor => ({ name, intercept });

function refuse(): never {
  throw new Error('refuses to be looked at');
}

async function through(interceptors: readonly Interceptor[], run: HandStage['run'] = () => ({ a: 1 })) {
  const rig = new Rig([{ name: 'a', interceptors, run }]);
  const outcome = await rig.outcome();
  return { rig, outcome, stage: outcome.results.stage('a') };
}

describe('the onion', () => {
  it('goes in by priority and out in reverse (075)', async () => {
    const log: string[] = [];
    await through(
      [recording('3', log, 3), recording('1', log, 1), recording('2', log, 2)],
      () => void log.push('stage'),
    );
    expect(log).toEqual(['before 1', 'before 2', 'before 3', 'stage', 'after 3', 'after 2', 'after 1']);
  });

  it.each([
    ['outermost', 0],
    ['inner', 1],
  ])('names a layer that throws, rejects or returns no output: the %s one', async (_, place) => {
    const ending = async (intercept: Interceptor['intercept']) => {
      const layers = [recording('x', []), recording('y', [])];
      layers.splice(place, 0, layer('Wrong', intercept));
      const { stage } = await through(layers);
      return [stage.failure?.code, String(stage.reason).includes('"Wrong"')];
    };
    const wrong: Interceptor['intercept'][] = [
      () => {
        throw new Error('at once');
      },
      async (_ctx, next) => {
        await next();
        throw new Error('later');
      },
      () => 'nothing' as unknown as StageOutput,
      (() => Object.defineProperty({}, 'then', { get: refuse })) as unknown as Interceptor['intercept'],
    ];
    const found = [];
    for (const intercept of wrong) found.push(await ending(intercept));
    const failed = ['INTERCEPTOR_FAILED', true];
    expect(found).toEqual([failed, failed, ['INTERCEPTOR_RESULT_INVALID', true], failed]);
  });

  it('keeps the order given among equals, and puts security outside resilience outside observability', async () => {
    const log: string[] = [];
    const { Security, Resilience, Observability } = InterceptorPriority;
    await through([
      recording('x', log),
      recording('y', log),
      recording('o', log, Observability),
      recording('r', log, Resilience),
      recording('s', log, Security),
    ]);
    expect(log.slice(0, 5)).toEqual(['before s', 'before r', 'before o', 'before x', 'before y']);
  });

  it('is unwound only as far as it was entered, when a layer answers itself (078)', async () => {
    const log: string[] = [];
    const short = layer('2', () => {
      log.push('2 answers');
      return StageOutput.ok({ short: true });
    });
    const { stage } = await through([recording('1', log), short, recording('3', log)], () => void log.push('stage'));
    expect(log).toEqual(['before 1', '2 answers', 'after 1']);
    expect(stage).toMatchObject({ status: 'ok', data: { short: true } });
  });

  it('of no interceptors is none (079)', async () => {
    const { stage } = await through([]);
    expect(stage).toMatchObject({ status: 'ok', data: { a: 1 } });
  });

  it('may turn a failure into a value (079), a value into a failure, and a throw never rejects next()', async () => {
    const fallback = layer('fallback', async (_, next) => {
      const output = await next();
      return output.status === 'fail' ? StageOutput.ok({ fallback: true }) : output;
    });
    const thrown = await through([fallback], () => {
      throw new Error('no');
    });
    expect(thrown.outcome.status).toBe('completed');
    expect(thrown.stage.data).toEqual({ fallback: true });
    const denied = await through([layer('deny', () => StageOutput.fail(new Error('denied'), { code: 'DENIED' }))]);
    expect(denied.outcome.status).toBe('failed');
    expect(denied.stage.failure).toMatchObject({ code: 'DENIED' });
  });

  it('asks appliesTo once per stage, not per run, and leaves out the layers that say no', async () => {
    const asked: string[] = [];
    let called = 0;
    const picky: Interceptor = {
      name: 'picky',
      appliesTo: ({ name }) => {
        asked.push(name);
        return name === 'b';
      },
      intercept: (_, next) => {
        called++;
        return next();
      },
    };
    const pipeline = new Pipeline('p', { interceptors: [picky] })
      .withStage('a', () => ({}))
      .withStage('b', () => ({}))
      .build();
    await pipeline.run();
    await pipeline.run();
    expect(asked).toEqual(['a', 'b']);
    expect(called).toBe(2);
  });
});

describe('an interceptor that throws', () => {
  const boom = new Error('boom');
  const throwing: [string, Interceptor['intercept']][] = [
    [
      'before next()',
      () => {
        throw boom;
      },
    ],
    ['before next(), by rejecting', () => Promise.reject(boom)],
    [
      'after next()',
      async (_, next) => {
        await next();
        throw boom;
      },
    ],
  ];

  it.each(throwing)(
    '%s fails its stage with INTERCEPTOR_FAILED, named, the cause kept (076)',
    async (when, intercept) => {
      let ran = false;
      const { outcome, stage } = await through([layer('Audit', intercept)], () => {
        ran = true;
      });
      expect(ran).toBe(when === 'after next()');
      expect(outcome.status).toBe('failed');
      expect(stage.failure).toMatchObject({ code: 'INTERCEPTOR_FAILED', retryable: false });
      expect((stage.failure?.error as Error | undefined)?.message).toContain('"Audit"');
      expect((stage.failure?.error as Error | undefined)?.cause).toBe(boom);
    },
  );

  it('is seen by the layers outside it as a failed output', async () => {
    const seen: unknown[] = [];
    const outside = layer('outside', async (_, next) => {
      const output = await next();
      seen.push(output.status, output.failure?.code);
      return output;
    });
    await through([outside, layer('inside', () => Promise.reject(boom))]);
    expect(seen).toEqual(['fail', 'INTERCEPTOR_FAILED']);
  });

  it('leaves the other stages and runs alone', async () => {
    let calls = 0;
    const once = layer('once', (_, next) => {
      if (++calls === 1) throw boom;
      return next();
    });
    const rig = new Rig([{ name: 'a', interceptors: [once] }]);
    expect((await rig.outcome()).status).toBe('failed');
    expect((await rig.outcome()).status).toBe('completed');
  });

  it('what the signal of a cancelled run made it throw, counts as cancelled', async () => {
    const waiting = layer('limiter', async (ctx, next) => {
      await new Gate().pass(ctx.signal);
      return next();
    });
    const rig = new Rig([{ name: 'a', interceptors: [waiting] }]);
    const run = rig.start();
    await settle();
    run.cancel('stop');
    const outcome = await run.result;
    expect(outcome.results.stage('a')).toMatchObject({ status: 'cancel', reason: 'stop', failure: null });
    expect(outcome.results.failures).toEqual([]);
  });
});

describe('what an interceptor returns', () => {
  it.each([
    ['nothing', 'undefined', () => undefined],
    ['null', 'null', () => null],
    ['a plain object', 'object', () => ({ a: 1 })],
    ['a promise of nothing', 'undefined', () => Promise.resolve()],
    ['true', 'boolean', () => true],
  ])('when it is %s, fails the stage with INTERCEPTOR_RESULT_INVALID', async (_, type, intercept) => {
    const { stage } = await through([layer('Forgetful', intercept as unknown as Interceptor['intercept'])]);
    expect(stage.failure).toMatchObject({ code: 'INTERCEPTOR_RESULT_INVALID', retryable: false });
    expect((stage.failure?.error as Error | undefined)?.message).toContain('"Forgetful"');
    expect((stage.failure?.error as Error | undefined)?.message).toContain(type);
  });
});

describe('next()', () => {
  it('called again while in flight runs nothing and fails the stage: INTERCEPTOR_NEXT_IN_FLIGHT', async () => {
    let ran = 0;
    const twice = layer('Twice', async (_, next) => {
      const [first] = await Promise.all([next(), next()]);
      return first;
    });
    const { stage } = await through([twice], async () => {
      ran++;
      return {};
    });
    expect(ran).toBe(1);
    expect(stage.failure).toMatchObject({ code: 'INTERCEPTOR_NEXT_IN_FLIGHT' });
    expect((stage.failure?.error as Error | undefined)?.message).toContain('"Twice"');
  });

  it('fails it even if the layer hides the second call', async () => {
    const hiding = layer('Hiding', async (_, next) => {
      const first = next();
      void next();
      await first;
      return StageOutput.ok({ fine: true });
    });
    expect((await through([hiding])).stage.failure).toMatchObject({ code: 'INTERCEPTOR_NEXT_IN_FLIGHT' });
  });

  it('may be called again once it has settled, through other layers, too', async () => {
    let ran = 0;
    const again = layer('again', async (_, next) => {
      await next();
      return next();
    });
    const { stage } = await through([again, layer('inner', (_, next) => next())], () => ({ ran: ++ran }));
    expect(stage.data).toEqual({ ran: 2 });
  });

  it('whose result is ignored leaves the answer to the layer', async () => {
    const ignoring = layer('ignoring', async (_, next) => {
      await next();
      return StageOutput.ok({ own: true });
    });
    const { outcome, stage } = await through([ignoring], () => Promise.reject(new Error('no')));
    expect(stage.data).toEqual({ own: true });
    expect(outcome.status).toBe('completed');
  });

  it('never called means that the stage never runs', async () => {
    let ran = false;
    await through([layer('closed', () => StageOutput.skip('closed'))], () => {
      ran = true;
    });
    expect(ran).toBe(false);
  });

  it.each([
    ['an object', {}],
    ['null', null],
    ['a copy of its context', 'copy'],
  ])('refuses %s as context: INTERCEPTOR_CONTEXT_INVALID, with and without layers inside', async (_, given) => {
    for (const inside of [
      [],
      [layer('inside', (_, next) => next())],
      [layer('limiting', (ctx, next) => ctx.withTimeout(5, next))],
    ]) {
      let ran = false;
      const forging = layer('Forging', (ctx, next) =>
        next((given === 'copy' ? Object.create(ctx) : given) as StageContext),
      );
      const { stage } = await through([forging, ...inside], () => {
        ran = true;
      });
      expect(ran).toBe(false);
      expect(stage.failure).toMatchObject({ code: 'INTERCEPTOR_CONTEXT_INVALID' });
    }
  });

  it('refuses the context of another stage: INTERCEPTOR_CONTEXT_INVALID', async () => {
    const ran: string[] = [];
    const kept: { ctx?: StageContext } = {};
    const mixing = layer('Mixing', (ctx, next) => {
      kept.ctx ??= ctx;
      return next(kept.ctx);
    });
    const stages = ['a', 'b'].map((name) => ({
      name,
      interceptors: [mixing],
      run: (ctx: StageContext) => void ran.push(`${name} as ${ctx.stage.name}`),
    }));
    const outcome = await new Rig(stages, { failurePolicy: 'continue' }).outcome();
    expect(ran).toEqual(['a as a']);
    expect(statusOf(outcome, 'a')).toBe('ok');
    expect(outcome.results.stage('b').failure).toMatchObject({ code: 'INTERCEPTOR_CONTEXT_INVALID' });
  });

  it('refuses the context of another run of the same stage', async () => {
    const seen: unknown[] = [];
    const kept: { ctx?: StageContext } = {};
    const mixing = layer('Mixing', (ctx, next) => {
      kept.ctx ??= ctx;
      return next(kept.ctx);
    });
    const rig = new Rig([{ name: 'a', interceptors: [mixing], run: (ctx) => void seen.push(ctx.snapshot.inputText) }]);
    await rig.outcome({ inputText: 'first' });
    const second = await rig.outcome({ inputText: 'second' });
    expect(seen).toEqual(['first']);
    expect(second.results.stage('a').failure).toMatchObject({ code: 'INTERCEPTOR_CONTEXT_INVALID' });
  });
});

describe('isolation', () => {
  it('one instance serves parallel stages: what a layer keeps in locals stays per stage (080)', async () => {
    const seen: string[] = [];
    const span = layer('span', async (ctx, next) => {
      const own = `span of ${ctx.stage.name}`;
      await settle();
      const output = await next();
      seen.push(`${ctx.stage.name}: ${own}, attempt ${ctx.attempt}`);
      return output;
    });
    await new Rig(['a', 'b', 'c'].map((name) => ({ name, interceptors: [span], run: () => settle() }))).outcome();
    expect(seen).toEqual(['a', 'b', 'c'].map((name) => `${name}: span of ${name}, attempt 1`));
  });

  it('a layer reads the identity of its run, and cannot write it (081)', async () => {
    const attempts: [string, (ctx: any) => void][] = [
      [
        'runId',
        (ctx) => {
          ctx.runId = 'forged';
        },
      ],
      [
        'snapshot',
        (ctx) => {
          ctx.snapshot = {};
        },
      ],
      [
        'identity',
        (ctx) => {
          ctx.snapshot.identity = {};
        },
      ],
      [
        'userId',
        (ctx) => {
          ctx.snapshot.identity.userId = 'root';
        },
      ],
      [
        'metadata',
        (ctx) => {
          ctx.snapshot.metadata.role = 'admin';
        },
      ],
      [
        'auth',
        (ctx) => {
          ctx.auth = {};
        },
      ],
      [
        'org',
        (ctx) => {
          ctx.org = {};
        },
      ],
      [
        'stage',
        (ctx) => {
          ctx.stage.name = 'other';
        },
      ],
      [
        'attempt',
        (ctx) => {
          ctx.attempt = 7;
        },
      ],
    ];
    for (const [what, write] of attempts) {
      let thrown: unknown;
      let seen: unknown;
      const forging = layer('forging', (ctx, next) => {
        try {
          write(ctx);
        } catch (error) {
          thrown = error;
        }
        return next();
      });
      const rig = new Rig([
        {
          name: 'a',
          interceptors: [forging],
          run: (ctx) => {
            seen = [ctx.runId, ctx.snapshot.identity.userId, ctx.stage.name, ctx.snapshot.metadata.role];
          },
        },
      ]);
      const { results } = await rig.outcome({ identity: { userId: 'ann', runId: 'r1' }, metadata: { role: 'user' } });
      expect([what, thrown]).toEqual([what, expect.any(TypeError)]);
      expect(seen).toEqual(['r1', 'ann', 'a', 'user']);
      expect(results.runId).toBe('r1');
    }
  });

  it('a layer cannot change the data of an output (081)', async () => {
    let thrown: unknown;
    const injecting = layer('injecting', async (_, next) => {
      const output = await next();
      try {
        (output.data as { role: string }).role = 'admin';
      } catch (error) {
        thrown = error;
      }
      return output;
    });
    const { stage } = await through([injecting], () => ({ role: 'user' }));
    expect(thrown).toBeInstanceOf(TypeError);
    expect(stage.data).toEqual({ role: 'user' });
  });
});
