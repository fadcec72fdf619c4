import { MemorySink, PipelineModule, RunContext, Stage, type StageContext, Stageflow } from 'stageflow';
import { Gate } from 'stageflow/testing';
import { expect, it } from 'vitest';

const gates = new Map(['ann', 'bob'].map((user) => [user, new Gate()]));

@Stage()
class Greet {
  constructor(private readonly run: RunContext) {}

  async execute(ctx: StageContext) {
    const user = String(ctx.snapshot.identity.userId);
    ctx.onCleanup(() => ctx.emit('left', user));
    await gates.get(user)?.pass();
    return { greeting: `Hello, ${user}`, own: this.run.runId === ctx.runId };
  }
}

@PipelineModule({ stages: [Greet] })
class Door {}

it('any number of runs share a pipeline and never see each other (023)', async () => {
  const sink = new MemorySink();
  await using app = await Stageflow.create(Door, { sinks: [sink] });
  const [ann, bob] = ['ann', 'bob'].map((userId) => app.start(Door, { identity: { userId } }));
  gates.get('bob')?.open();
  const second = await bob!.result;
  expect(second.results.of(Greet)).toEqual({ greeting: 'Hello, bob', own: true });
  expect(sink.ofType('custom').map(({ data }) => data)).toEqual(['bob']);
  ann!.cancel('no patience');
  gates.get('ann')?.open();
  expect((await ann!.result).status).toBe('cancelled');
  expect(second.status).toBe('completed');
});
