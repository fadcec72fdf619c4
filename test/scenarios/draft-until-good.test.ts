import {
  atLeast,
  Compensate,
  DependsOn,
  MemorySink,
  PipelineModule,
  type QuorumOf,
  RetryFrom,
  Stage,
  type StageContext,
  Stageflow,
  StageKind,
  StageOutput,
} from 'stageflow';
import { expect, it } from 'vitest';

@Stage()
class Red {
  execute() {
    return { facts: 2 };
  }
}
@Stage()
class Blue {
  execute(): { facts: number } {
    throw new Error('Blue is down.');
  }
}

@Stage()
@DependsOn(atLeast(1, Red, Blue))
class Draft {
  execute(ctx: StageContext<QuorumOf<typeof Red | typeof Blue>>) {
    const facts = (ctx.inputs.of(Red)?.facts ?? 0) + (ctx.inputs.of(Blue)?.facts ?? 0);
    return { facts, words: ctx.feedback === null ? 900 : 90 };
  }
}

const released: number[] = [];

@Stage({ kind: StageKind.Work })
@DependsOn(Draft)
@Compensate()
class Reserve {
  execute(ctx: StageContext<typeof Draft>) {
    return { room: ctx.inputs.of(Draft).words };
  }
  compensate({ room }: { room: number }) {
    released.push(room);
  }
}

@Stage({ kind: StageKind.Guard })
@DependsOn(Draft, Reserve)
@RetryFrom(Draft, { attempts: 3 })
class Length {
  execute(ctx: StageContext<typeof Draft>) {
    return ctx.inputs.of(Draft).words > 100 ? StageOutput.fail('too long') : {};
  }
}

@Stage()
@DependsOn(Length)
class Print {
  execute(ctx: StageContext) {
    return ctx.snapshot.inputText === 'jam' ? StageOutput.fail('paper jam') : StageOutput.ok({ printed: true });
  }
}

@PipelineModule({ stages: [Red, Blue, Draft, Reserve, Length, Print] })
class Letter {}

it('a letter is drafted from what sources there are until its guard is content, and work is undone as needed', async () => {
  const sink = new MemorySink();
  await using app = await Stageflow.create(Letter, { sinks: [sink] });
  const results = await app.run(Letter);
  expect(results.of(Draft)).toEqual({ facts: 2, words: 90 });
  expect([results.rounds, results.of(Print), released]).toEqual([2, { printed: true }, [900]]);
  const types = sink.events.map(({ type }) => type).filter((type) => /guard_retry|compens/.test(type));
  expect(types).toEqual(['guard_retry.attempt', 'guard_retry.scheduled', 'stage.compensated', 'guard_retry.recovered']);
});

it('and the error of a run that fails says what is left', async () => {
  released.length = 0;
  await using app = await Stageflow.create(Letter, { compensationMs: 100 });
  const { error } = (await app.start(Letter, { inputText: 'jam' }).result) as { error: { report: { text: string } } };
  expect(error.report.text).toBe(
    'Failed: "Blue", "Print". Of these tolerated: "Blue". Stands: "Red", "Draft", "Length". Undone: "Reserve".',
  );
  expect(released).toEqual([900, 90]);
});
