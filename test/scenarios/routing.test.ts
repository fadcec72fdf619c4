import {
  DependsOn,
  optional,
  Pipeline,
  PipelineModule,
  Stage,
  type StageContext,
  Stageflow,
  StageKind,
  When,
} from 'stageflow';
import { expect, it } from 'vitest';

@Stage({ kind: StageKind.Route })
class Classify {
  execute(ctx: StageContext) {
    return { about: ctx.snapshot.inputText?.includes('invoice') ? ('billing' as const) : ('support' as const) };
  }
}

@Stage()
@When(Classify, ({ about }) => about === 'billing')
class Billing {
  execute() {
    return { answer: 'Your invoice is on its way.' };
  }
}

@Stage()
@When(Classify, ({ about }) => about === 'support')
class Support {
  execute() {
    return { answer: 'Have you tried turning it off and on?' };
  }
}

@Stage()
@DependsOn(optional(Billing), optional(Support))
class Reply {
  execute(ctx: StageContext) {
    return { reply: ctx.inputs.of(Billing)?.answer ?? ctx.inputs.of(Support)?.answer };
  }
}

@PipelineModule({ stages: [Classify, Billing, Support, Reply] })
class Helpdesk {}

it('a router selects one branch; the other is skipped as not selected, and the join runs once (012)', async () => {
  await using app = await Stageflow.create(Helpdesk);
  const results = await app.run(Helpdesk, { inputText: 'Where is my invoice?' });
  expect(results.of(Reply).reply).toBe('Your invoice is on its way.');
  expect(results.stage(Support)).toMatchObject({
    status: 'skip',
    skipCause: 'not-selected',
    reason: 'its condition on "Classify" was false',
  });
});

it('a whole branch is skipped with its head (012)', async () => {
  const results = await new Pipeline('shop')
    .withStage('total', () => ({ total: 20 }))
    .withStage('discount', () => ({ percent: 10 }), { when: { stage: 'total', is: ({ total }) => total > 100 } })
    .withStage('coupon', () => ({ code: 'X' }), { dependsOn: ['discount'] })
    .withStage('bill', ({ inputs }) => ({ due: inputs.from('total').total }), { dependsOn: ['total', 'coupon'] })
    .run();
  expect(results.stage('coupon')).toMatchObject({ status: 'skip', skipCause: 'not-selected' });
  expect(results.of('bill')).toEqual({ due: 20 });
});
