import { describe, expect, it } from 'vitest';
import { DependsOn, Injectable, PipelineModule, Stage } from '../../../decorators/index.js';
import { AuthContext } from '../../../src/auth/index.js';
import { Stageflow } from '../../../src/container/index.js';
import { Journal, MemoryJournalStore } from '../../../src/journal/index.js';
import { type StageContext, StageKind } from '../../../src/stage/index.js';
import { Test } from '../../../src/testing/index.js';

@Injectable()
class Prices {
  of(what: string): number {
    return what.length;
  }
}
@Stage()
class Price {
  constructor(private readonly prices: Prices) {}
  execute({ snapshot, auth }: StageContext) {
    return { total: this.prices.of(snapshot.inputText ?? ''), for: auth.userId };
  }
}
let charged = 0;
@Stage({ kind: StageKind.Work })
@DependsOn(Price)
class Charge {
  execute(ctx: StageContext<typeof Price>) {
    charged++;
    return { charged: ctx.inputs.of(Price).total };
  }
}
@PipelineModule({ stages: [Price, Charge], providers: [Prices] })
class Order {}

const ann = AuthContext.verified({ userId: 'ann', orgId: 'acme' });

async function recordedRun() {
  const journal = new Journal({ store: new MemoryJournalStore() });
  const app = await Stageflow.create(Order, { journal, trustedCallers: true });
  await app.run(Order, { auth: ann, inputText: 'tea', identity: { runId: 'r-1' } });
  await app.close();
  charged = 0;
  return journal.read({ tenant: 'acme', runId: 'r-1' });
}

describe('Test.fromJournal', () => {
  it('replays the run without changing the world, and finds nothing that is different', async () => {
    await using t = await Test.fromJournal(Order, await recordedRun()).compile();
    const { divergence, same, outcome } = await t.replay();
    expect([divergence, same, charged]).toEqual([null, 1, 0]);
    expect(outcome.results.of(Charge)).toEqual({ charged: 3 });
    expect(t.recorded.runId).toBe('r-1');
  });

  it('says what a replaced provider would have changed', async () => {
    await using t = await Test.fromJournal(Order, await recordedRun())
      .overrideProvider(Prices)
      .useValue({ of: () => 7 })
      .compile();
    const { divergence } = await t.replay();
    expect(divergence).toMatchObject({ stage: 'Price', difference: { recorded: 3, replayed: 7 } });
  });

  it('starts runs of its own as that one was started, part by part', async () => {
    await using t = await Test.fromJournal(Order, await recordedRun())
      .overrideStage(Charge)
      .output({ charged: 0 })
      .compile();
    expect((await t.run()).of(Price)).toEqual({ total: 3, for: 'ann' });
    expect((await t.run({ inputText: 'bread' })).of(Price)).toEqual({ total: 5, for: 'ann' });
    expect((await t.run({ auth: AuthContext.verified({ userId: 'bob' }) })).of(Price)).toMatchObject({ for: 'bob' });
    expect(charged).toBe(0);
  });
});
