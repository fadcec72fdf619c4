import { beforeAll, describe, expect, it } from 'vitest';
import { DependsOn, PipelineModule, Stage, When } from '../../../decorators/index.js';
import { type StageContext, StageOutput } from '../../../src/stage/index.js';
import { expectRun, type RecordedRun, runMatchers, Test } from '../../../src/testing/index.js';
import { installMatchers } from '../../../src/testing/vitest.js';

@Stage()
class Fetch {
  execute(ctx: StageContext) {
    ctx.emit('fetched', { bytes: 3, url: 'x' });
    return { html: '<b>', links: ['a', 'b'], at: new Date(0) };
  }
}
@Stage()
class Alone {
  execute() {
    return {};
  }
}
@Stage()
@DependsOn(Fetch)
class Parse {
  execute(ctx: StageContext<typeof Fetch>) {
    return { title: ctx.inputs.of(Fetch).html };
  }
}
@Stage()
@DependsOn(Parse)
class Rank {
  execute() {
    return StageOutput.skip('nothing to rank');
  }
}
@Stage()
@When(Parse, ({ title }) => title === '')
class Empty {
  execute() {
    return {};
  }
}
@PipelineModule({ stages: [Fetch, Alone, Parse, Rank, Empty] })
class Crawl {}

installMatchers(expect);
let good: RecordedRun;
let bad: RecordedRun;

beforeAll(async () => {
  await using t = await Test.createPipeline(Crawl).compile();
  good = await t.record();
  await using broken = await Test.createPipeline(Crawl)
    .overrideStage(Parse)
    .output(StageOutput.fail('no title', { code: 'NO_TITLE', retryable: false }))
    .compile();
  bad = await broken.record();
});

/** What vitest shows of an expectation that does not hold. */
function messageOf(expectation: () => void): string {
  try {
    expectation();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It holds.');
}

describe('matchers for runs', () => {
  it('hold for what was', () => {
    expect(good).toHaveCompleted();
    expect(good).toHaveCompleted(Fetch);
    expect(good).toHaveCompleted('Parse');
    expect(good).toHaveStartedAfter(Parse, Fetch);
    expect(good).toHaveOutput(Fetch, { html: '<b>', links: ['a', 'b'], at: new Date(0) });
    expect(good).toHaveOutput(Parse, { title: expect.any(String) });
    expect(good).toHaveSkipped(Rank, 'nothing to rank');
    expect(good).toHaveSkipped(Empty);
    expect(good).toHaveEmitted('fetched', { bytes: 3 });
    expect(good).toHaveEmitted('stage.skipped', { stage: 'Rank', cause: 'returned' });
    expect(bad).toHaveFailedWith('NO_TITLE', Parse);
    expect(bad).toHaveFailedWith('STAGE_FAILED');
    expect(bad).toHaveFailedWith('NO_TITLE');
  });

  it('do not hold for anything else', () => {
    expect(bad).not.toHaveCompleted();
    expect(bad).not.toHaveCompleted(Rank);
    expect(good).not.toHaveStartedAfter(Alone, Parse);
    expect(bad).not.toHaveStartedAfter(Rank, Parse);
    expect(good).not.toHaveOutput('Rank', {});
    expect(good).not.toHaveOutput(Fetch, { links: ['a'] });
    expect(good).not.toHaveOutput(Fetch, { at: new Date(1) });
    expect(good).not.toHaveSkipped(Rank, 'another reason');
    expect(good).not.toHaveEmitted('fetched', { bytes: 4 });
    expect(good).not.toHaveEmitted('parsed');
    expect(good).not.toHaveFailedWith('STAGE_FAILED');
  });

  it('say what is different, where, and what the run did', () => {
    expect(messageOf(() => expect(good).toHaveOutput(Fetch, { html: '<i>', links: ['a'] }))).toBe(
      [
        "Stage Fetch should have handed on { html: '<i>', links: [ 'a' ] }, but its output differs:",
        "  html: expected '<i>', received '<b>'",
        '  links: expected 1 items, received 2',
        '',
        'The run:',
        '  pipeline.started',
        ...good.events.slice(1).map(({ type, ...event }) => `  ${lineOf(type, event)}`),
      ].join('\n'),
    );
    expect(messageOf(() => expect(bad).toHaveCompleted(Parse))).toContain(
      'Stage Parse should have completed, but it failed with NO_TITLE: no title.',
    );
    expect(messageOf(() => expect(bad).toHaveStartedAfter(Rank, Fetch))).toContain('but it never started.');
    expect(messageOf(() => expect(good).not.toHaveSkipped(Rank))).toContain('Stage Rank should not have been skipped');
    expect(messageOf(() => expect(good).toHaveEmitted('fetched', { bytes: 4 }))).toContain(
      'bytes: expected 4, received 3',
    );
  });

  it('refuse what is no run, and a stage that the pipeline does not have', () => {
    expect(() => runMatchers.toHaveCompleted({} as never)).toThrow('This matcher looks at a run');
    expect(() => expect(good).toHaveCompleted('Nowhere')).toThrow('has no stage "Nowhere"');
  });

  it('look at a stage that was tested alone as well', async () => {
    const run = await Test.createStage(Parse).given(Fetch, { html: 'x', links: [], at: new Date() }).run();
    expect(run).toHaveOutput(Parse, { title: 'x' });
  });

  it('do without expect: expectRun throws the same message', () => {
    expectRun(good).toHaveStartedAfter(Parse, Fetch);
    expectRun(good).not.toHaveSkipped(Parse);
    expect(messageOf(() => expectRun(bad).toHaveCompleted(Parse))).toBe(
      messageOf(() => expect(bad).toHaveCompleted(Parse)),
    );
    expect(() => expectRun(good).not.toHaveCompleted(Fetch)).toThrow(
      'Stage Fetch should not have completed, but it has.',
    );
  });
});

function lineOf(type: string, event: object): string {
  const { stage, name, reason } = event as Record<string, string | undefined>;
  return [type, stage, name, reason === undefined ? undefined : `(${reason})`]
    .filter((part) => part !== undefined)
    .join(' ');
}
