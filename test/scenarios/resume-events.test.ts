import { Pipeline, type PipelineEvent } from 'stageflow';
import { Gate } from 'stageflow/testing';
import { expect, it } from 'vitest';

it('events can be read while the run goes on, and again from any sequence number', async () => {
  const gate = new Gate();
  const run = new Pipeline('import')
    .withStage('read', () => ({ rows: 3 }))
    .withStage('write', () => gate.pass(), { dependsOn: ['read'] })
    .start();

  // A client reads until its connection breaks …
  let last = 0;
  for await (const { sequence, type } of run.events) {
    last = sequence;
    if (type === 'stage.completed') break;
  }
  gate.open();

  // … and goes on where it stopped.
  const rest: PipelineEvent[] = [];
  for await (const event of run.events.after(last)) rest.push(event);
  expect(last).toBe(3);
  expect(rest.map(({ sequence, type }) => `${sequence} ${type}`)).toEqual([
    '4 stage.started',
    '5 stage.completed',
    '6 pipeline.completed',
  ]);
});
