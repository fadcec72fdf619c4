import { describe, expect, it } from 'vitest';
import { type Interceptor, type Next, type StageContext, StageOutput } from '../../../src/stage/index.js';
import { type InterceptorKitOptions, InterceptorTestKit } from '../../../src/testing/index.js';

type Intercept = (ctx: StageContext, next: Next) => StageOutput | Promise<StageOutput>;

/** The cases that an interceptor does not pass, with what is said about it. */
async function broken(make: () => Intercept | Interceptor, options?: InterceptorKitOptions) {
  const interceptor = () => {
    const made = make();
    return typeof made === 'function' ? { name: 'Subject', intercept: made } : made;
  };
  const said: Record<string, string> = {};
  for (const { name, run } of InterceptorTestKit.cases(interceptor, options)) {
    await run().catch((error: Error) => {
      said[name] = error.message;
    });
  }
  return said;
}

describe('the kit for interceptors', () => {
  it('finds nothing wrong with one that does nothing', async () => {
    expect(await broken(() => (_, next) => next())).toEqual({});
  });

  it('finds one that makes a success of a failure, unless it may', async () => {
    const lenient: Intercept = async (ctx, next) => {
      const output = await next();
      return output.status === 'fail' && !ctx.cancelled ? StageOutput.ok({}) : output;
    };
    expect(Object.keys(await broken(() => lenient))).toEqual(['makes no success of a failure']);
    expect(Object.keys(await broken(() => lenient, { recovers: true }))).toEqual([]);
  });

  it('finds one that makes a success of a cancelled stage', async () => {
    const careless: Intercept = async (_, next) => {
      const output = await next();
      return output.status === 'fail' ? StageOutput.ok({}) : output;
    };
    expect(await broken(() => careless, { recovers: true })).toEqual({
      'ends with a run that is cancelled, while the stage runs': 'A stage that was cancelled ends as ok.',
    });
  });

  it('finds one that throws, and says what', async () => {
    const fragile: Intercept = async (_, next) => {
      const output = await next();
      if (output.failure !== null) (output.failure.error as Error).message.toLowerCase();
      return output;
    };
    expect(await broken(() => fragile)).toMatchObject({
      'takes anything that can be thrown': expect.stringContaining('Interceptor "Subject" threw'),
    });
  });

  it('finds one that calls next() twice at once', async () => {
    const hasty: Intercept = async (_, next) => {
      const [first] = await Promise.all([next(), next()]);
      return first;
    };
    expect((await broken(() => hasty))['lets a success be one']).toContain('called next()');
  });

  it('finds one that mixes executions up', async () => {
    const make = (): Intercept => {
      let shared: StageOutput | undefined;
      return async (_, next) => {
        const output = await next();
        if (output.status === 'ok') shared ??= output;
        return output.status === 'ok' ? (shared ?? output) : output;
      };
    };
    expect(Object.keys(await broken(make))).toEqual(['keeps executions apart that run at the same time']);
  });

  it('finds one that leaves a timer behind, or waits for ever', async () => {
    const littering: Intercept = (ctx, next) => {
      ctx.clock.setTimer(1_000_000_000, () => {});
      return next();
    };
    expect((await broken(() => littering))['lets a success be one']).toBe('The interceptor leaves a timer behind.');
    const stuck: Intercept = async (_, next) => {
      await new Promise(() => {});
      return next();
    };
    expect((await broken(() => stuck))['lets a success be one']).toContain('does not end');
  });

  it('finds one that cannot say where it applies', async () => {
    const vague = { intercept: (_: StageContext, next: Next) => next(), appliesTo: () => 'yes' as never };
    expect(await broken(() => vague)).toEqual({
      'says for every kind of stage whether it applies':
        'appliesTo gives string for a transform stage, not true or false.',
    });
  });
});
