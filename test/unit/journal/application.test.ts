import { describe, expect, it } from 'vitest';
import { DependsOn, PipelineModule, Stage, type StageContext, Stageflow, StageKind } from '../../../src/index.js';
import { fork, Journal, MemoryJournalStore, resume } from '../../../src/journal/index.js';

class Bank {
  readonly payments: string[] = [];
  /** Keeps whoever pays waiting. */
  isSlow = false;
}

@Stage()
class Price {
  execute(ctx: StageContext) {
    return { sum: ctx.snapshot.inputText?.length ?? 0 };
  }
}

@Stage({ kind: StageKind.Work, idempotent: true })
@DependsOn(Price)
class Pay {
  constructor(private readonly bank: Bank) {}
  async execute(ctx: StageContext<typeof Price>) {
    this.bank.payments.push(`${ctx.inputs.of(Price).sum}`);
    if (this.bank.isSlow) await ctx.sleep(1_000_000);
    return { receipt: this.bank.payments.length };
  }
}

@PipelineModule({ name: 'order', stages: [Price, Pay], providers: [Bank] })
class OrderPipeline {}

@PipelineModule({ name: 'shop', imports: [OrderPipeline] })
class Shop {}

const key = { tenant: null, runId: 'run-1' };

describe('An application', () => {
  it('goes on with what an earlier one had to leave, and forks it', async () => {
    const store = new MemoryJournalStore();
    const bank = Object.assign(new Bank(), { isSlow: true });
    const open = (journal: Journal) =>
      Stageflow.create(Shop, { journal, graceMs: 0, overrides: [{ provide: Bank, useValue: bank }] });
    const first = await open(new Journal({ store }));
    const { result } = first.start(OrderPipeline, { inputText: 'tea', identity: { runId: 'run-1' } });
    while (bank.payments.length === 0) await new Promise(setImmediate);
    await first.close();
    expect((await result).status).toBe('cancelled');

    bank.isSlow = false;
    const journal = new Journal({ store });
    await using second = await open(journal);
    const outcome = await (await resume(second, journal, key)).result;
    expect(outcome.results.of(Pay)).toEqual({ receipt: 2 });
    expect(bank.payments).toEqual(['3', '3']);

    const override = { Price: { sum: 5 } };
    const forked = await fork(second, await journal.read(key), { from: Pay, override }).result;
    expect(forked.results.of(Pay)).toEqual({ receipt: 3 });
    expect(bank.payments).toEqual(['3', '3', '5']);
  });

  it('knows no pipeline of another', async () => {
    const journal = new Journal({ store: new MemoryJournalStore() });
    await using app = await Stageflow.create(Shop, { journal });
    await app.run(OrderPipeline, { identity: { runId: 'run-1' } });
    @PipelineModule({ name: 'other', stages: [Price] })
    class Other {}
    await using other = await Stageflow.create(Other);
    const run = await journal.read(key);
    expect(() => fork(other, run, { from: Pay })).toThrow(expect.objectContaining({ code: 'REGISTRY_UNKNOWN' }));
  });
});
