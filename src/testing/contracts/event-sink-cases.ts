import type { EventSink } from '../../events/index.js';
import { StageGraph } from '../../graph/index.js';
import { type BoundPipeline, Engine } from '../../run/index.js';
import { type StageContext, StageKind } from '../../stage/index.js';
import { ManualClock } from '../manual-clock.js';
import { type ContractCase, demand } from './contract-case.js';

/** What every `EventSink` has to keep. @param make gives a fresh sink for each case */
export function eventSinkCases(make: () => EventSink | Promise<EventSink>): readonly ContractCase[] {
  return [
    { name: 'takes every event of a run that completes', run: async () => takes(await make(), () => ({})) },
    {
      name: 'takes every event of a run that fails',
      run: async () =>
        takes(await make(), () => {
          throw new Error('broken');
        }),
    },
    { name: 'takes whatever a stage emits', run: async () => takes(await make(), emitAnything) },
    { name: 'takes the events of many runs at once', run: async () => takesMany(await make()) },
  ];
}

/** Data that has broken sinks before: nothing at all, a circle, what JSON does not know, much. */
function emitAnything(ctx: StageContext): void {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const odd = [undefined, null, '', circle, 10n, Symbol('odd'), new Map([[1, 2]]), new Date(Number.NaN), () => {}];
  for (const data of [...odd, 'x'.repeat(100_000)]) ctx.emit('anything', data);
}

async function takes(sink: EventSink, execute: (ctx: StageContext) => unknown): Promise<void> {
  const watched = watch(sink);
  const engine = new Engine({ clock: new ManualClock(), sinks: [watched] });
  await engine.start(oneStage(execute)).result;
  await watched.settled();
  await engine.close();
}

async function takesMany(sink: EventSink): Promise<void> {
  const watched = watch(sink);
  const engine = new Engine({ clock: new ManualClock(), sinks: [watched] });
  await Promise.all(Array.from({ length: 20 }, () => engine.start(oneStage(() => ({}))).result));
  await watched.settled();
  await engine.close();
}

function oneStage(execute: (ctx: StageContext) => unknown): BoundPipeline {
  const stages = [{ name: 'Subject', kind: StageKind.Transform }];
  const graph = StageGraph.create({ name: 'sink test', stages });
  const stage = { instance: { execute }, stageClass: null, condition: null, interceptors: [], contracts: null };
  return { graph, openRun: null, stages: [stage] };
}

/** A sink that throws changes no run, so nobody would notice: here it is kept. */
function watch(sink: EventSink): EventSink & { settled(): Promise<void> } {
  const pending: Promise<void>[] = [];
  return {
    emit(event) {
      pending.push((async () => sink.emit(event))());
    },
    async settled() {
      const failed = (await Promise.allSettled(pending)).find(({ status }) => status === 'rejected');
      const reason: unknown = (failed as PromiseRejectedResult | undefined)?.reason;
      demand(failed === undefined, `The sink threw ${reason instanceof Error ? reason.message : String(reason)}.`);
    },
  };
}
