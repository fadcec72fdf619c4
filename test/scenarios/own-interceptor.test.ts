import {
  type Interceptor,
  InterceptorPriority,
  type Next,
  Pipeline,
  type StageContext,
  StageKind,
  StageOutput,
} from 'stageflow';
import { expect, it } from 'vitest';

class Maintenance implements Interceptor {
  readonly priority = InterceptorPriority.Security;

  appliesTo({ kind }: { kind: string }): boolean {
    return kind === StageKind.Work;
  }

  intercept(ctx: StageContext, next: Next) {
    const closed = ctx.snapshot.metadata.maintenance === true;
    return closed ? StageOutput.fail(new Error('Closed for maintenance.'), { code: 'MAINTENANCE' }) : next();
  }
}

class Fallback implements Interceptor {
  async intercept(_: StageContext, next: Next) {
    const output = await next();
    return output.status === 'fail' ? StageOutput.ok({ price: 'on request' }) : output;
  }
}

const pipeline = new Pipeline('shop', { interceptors: [Maintenance] })
  .withStage('price', () => Promise.reject<{ price: string }>(new Error('no price list')), { interceptors: [Fallback] })
  .withStage('order', () => ({ ordered: true }), { dependsOn: ['price'], kind: StageKind.Work });

it('an interceptor may answer in place of a stage that failed (079)', async () => {
  expect((await pipeline.run()).outputs).toEqual({ price: { price: 'on request' }, order: { ordered: true } });
});

it('an interceptor may refuse a stage: a denial is a failure, never a success (078)', async () => {
  const outcome = await pipeline.start({ metadata: { maintenance: true } }).result;
  if (outcome.status !== 'failed') throw new Error(outcome.status);
  expect(outcome.error).toMatchObject({ stage: 'order', failure: { code: 'MAINTENANCE' } });
});
