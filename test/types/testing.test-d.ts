// Promise: what stands in for something fits it.
import { expect } from 'vitest';
import { z } from 'zod';
import { DependsOn, Stage, Tool } from '../../decorators/index.js';
import type { StageContext } from '../../src/stage/index.js';
import { contractCases, expectRun, Gate, type RecordedRun, Test, ToolScript } from '../../src/testing/index.js';
import type {} from '../../src/testing/vitest.js';

@Stage()
class Fetch {
  execute() {
    return { html: '', tags: ['a'] };
  }
}
@Stage()
@DependsOn(Fetch)
class Parse {
  execute(_ctx: StageContext<typeof Fetch>) {
    return { title: '' };
  }
}
@Tool({ name: 'count', description: 'Counts.', input: z.object({ text: z.string() }), effect: 'read' })
class Count {
  execute(_input: { text: string }) {
    return { length: 1 };
  }
}
class Module {}
declare const run: RecordedRun;
const pipeline = Test.createPipeline(Module);
const stage = Test.createStage(Parse);

pipeline.overrideStage(Fetch).output({ html: '', tags: [] });
// @ts-expect-error a field is missing
pipeline.overrideStage(Fetch).output({ html: '' });
pipeline.overrideStage(Fetch).useFactory(async () => ({ execute: () => ({}) }));
// @ts-expect-error no stage without execute
pipeline.overrideStage(Fetch).useFactory(() => ({ run: () => ({}) }));
pipeline.overrideStage(Fetch).delayUntil(new Gate());
// @ts-expect-error a promise is no gate
pipeline.overrideStage(Fetch).delayUntil(Promise.resolve());

pipeline.overrideTool(Count).output({ length: 2 });
// @ts-expect-error the length is a number
pipeline.overrideTool(Count).output({ length: '2' });
pipeline.overrideTool(Count).script([{ expect: { text: 'a' }, output: { length: 1 } }, { fail: 'down' }]);
// @ts-expect-error it takes no query
pipeline.overrideTool(Count).script([{ expect: { query: 'a' }, output: { length: 1 } }]);
pipeline.overrideTool(Count).useValue({ execute: ({ text }) => ({ length: text.length }) });
// @ts-expect-error it gives a length
pipeline.overrideTool(Count).useValue({ execute: () => ({ size: 1 }) });
// @ts-expect-error a stage is no tool
pipeline.overrideTool(Module);

pipeline.injectFault(Count, { delayMs: 10, at: [1, 2] });
// @ts-expect-error nothing goes wrong
pipeline.injectFault(Count, { at: 1 });

stage.withTool(Count, new ToolScript([{ output: { length: 1 } }]));
stage.withTool(Count);
// @ts-expect-error it gives a length
stage.withTool(Count, { execute: () => ({ size: 1 }) });

expectRun(run).toHaveOutput(Fetch, { tags: ['a'] });
expectRun(run).toHaveOutput('Fetch', { anything: 1 });
// @ts-expect-error it has no title
expectRun(run).toHaveOutput(Fetch, { title: '' });
expect(run).toHaveStartedAfter(Parse, Fetch);
// @ts-expect-error after what
expect(run).toHaveStartedAfter(Parse);
// @ts-expect-error a number is no stage
expect(run).toHaveCompleted(7);

contractCases.eventSink(() => ({ emit: () => {} }));
// @ts-expect-error a sink has emit
contractCases.eventSink(() => ({ send: () => {} }));
