// Promise: an agent answers with what its contract gives, lists tools alone, and is read by those who depend on it.
import { IsString } from 'class-validator';
import { z } from 'zod';
import {
  Agent,
  type AgentResult,
  AgentStage,
  delegate,
  type ModelProvider,
  type Prompt,
  prompt,
} from '../../src/agents/index.js';
import { DependsOn, defineTool, type OutputOf, Pipeline, type StageContext, StageKind } from '../../src/index.js';
import { Fetch, proves, Rank, type Same } from './stages.js';

class Verdict {
  @IsString() verdict!: string;
}
const Score = z.object({ points: z.number() });
const tool = defineTool({ name: 't', description: 't', input: Score, effect: 'read', execute: () => 1 });

@Agent({ instructions: 'x', output: Verdict, tools: [tool] })
@DependsOn(Fetch)
export class Judge extends AgentStage<Verdict> {
  override execute(ctx: StageContext<typeof Fetch>) {
    return this.ask(ctx, { text: ctx.inputs.of(Fetch).html });
  }
}
proves<Same<OutputOf<typeof Judge>, AgentResult<Verdict>>>();

@Agent({ instructions: 'x', output: Score })
export class Scores extends AgentStage<{ points: number }> {}
@Agent({ instructions: prompt('v1', 'Be brief.') })
export class Talks extends AgentStage {}
proves<Same<OutputOf<typeof Talks>['answer'], string>>();

// @ts-expect-error: it answers with text, not with what output gives
@Agent({ instructions: 'x', output: Verdict })
export class Wrong extends AgentStage {}

// @ts-expect-error: it answers with something that nothing checks
@Agent({ instructions: 'x' })
export class Unchecked extends AgentStage<Verdict> {}

// @ts-expect-error: no agent without instructions
@Agent({ output: Verdict })
export class Silent extends AgentStage<Verdict> {}

// @ts-expect-error: a stage is no tool
@Agent({ instructions: 'x', tools: [Rank, 'name'] })
export class Tools extends AgentStage {}

// @ts-expect-error: a class that is no agent
@Agent({ instructions: 'x' })
export class NoAgent {
  execute() {
    return { text: '' };
  }
}

@Agent({ instructions: 'x' })
// @ts-expect-error: it reads what it does not depend on
@DependsOn(Rank)
export class Reads extends AgentStage {
  override execute(ctx: StageContext<typeof Fetch>) {
    return this.ask(ctx, { text: ctx.inputs.of(Fetch).html });
  }
}

declare const model: ModelProvider;
const pipeline = new Pipeline('p').withStage(
  'judge',
  new AgentStage<Verdict>(model, { instructions: 'x', output: Verdict }),
  {
    kind: StageKind.Agent,
  },
);
pipeline.withStage('next', (ctx) => ({ text: ctx.inputs.from('judge').answer.verdict }), { dependsOn: ['judge'] });
// @ts-expect-error: its answer has no such field
pipeline.withStage('next', (ctx) => ({ text: ctx.inputs.from('judge').answer.score }), { dependsOn: ['judge'] });
// @ts-expect-error: output gives something else than the answer
new AgentStage<Verdict>(model, { instructions: 'x', output: Score });

// A prompt knows its places.
const page = prompt('page/v1', 'Read {{page}} in {{language}}.');
proves<Same<typeof page, Prompt<'page' | 'language'>>>();
page.fill({ page: '', language: 'en' });
// @ts-expect-error: a place is left empty
page.fill({ page: '' });
// @ts-expect-error: instructions have to be filled
new AgentStage(model, { instructions: page });
new AgentStage(model, { instructions: (ctx) => page.fill({ page: ctx.snapshot.inputText, language: 'en' }) });

const count = new Pipeline('count').withStage('count', () => ({ length: 3 })).build();
const counts = { name: 'count', description: 'Counts.', input: Score, pipeline: count, effect: 'read' } as const;
delegate({
  ...counts,
  start: ({ points }) => ({ inputText: points.toFixed() }),
  answer: (results) => results.of('count').length,
});
// @ts-expect-error: the pipeline has no such stage
delegate({ ...counts, answer: (results) => results.of('counts') });
// @ts-expect-error: what a run did is not undone by undoing a call
delegate({ ...counts, effect: 'reversible', answer: () => 1 });
