// Promise: a loop says what an iteration hands on, is bounded, and says why it has ended.
import {
  type LoopContext,
  type LoopReason,
  type LoopResult,
  Pipeline,
  Repeat,
  type RunResults,
  type StageContext,
} from '../../src/index.js';
import { proves, type Same } from './stages.js';

interface Draft {
  readonly text: string;
  readonly score: number;
}

@Repeat({ until: ({ score }: Draft) => score > 8, maxIterations: 5, timeoutMs: 1_000, stagnation: 2 })
export class Improve {
  async iterate({ previous, iteration }: LoopContext<Draft>): Promise<Draft> {
    return { text: `${previous?.text ?? ''}${iteration}`, score: iteration };
  }
  execute(_: StageContext, loop: LoopResult<Draft>) {
    const { reason } = loop;
    proves<Same<typeof reason, LoopReason>>();
    // @ts-expect-error: at its deadline a loop may have nothing yet
    loop.output.text;
    return loop.reason === 'deadline' ? { text: loop.output?.text ?? '' } : { text: loop.output.text };
  }
}

// @ts-expect-error: nothing bounds it
@Repeat({ until: ({ score }: Draft) => score > 8 })
export class Endless {
  iterate(): Draft {
    return { text: '', score: 1 };
  }
  execute() {
    return {};
  }
}

// @ts-expect-error: an iteration hands on something else than until takes
@Repeat({ until: ({ grade }: { grade: number }) => grade > 8, maxIterations: 5 })
export class AsksOther {
  iterate(): Draft {
    return { text: '', score: 1 };
  }
  execute() {
    return {};
  }
}

// @ts-expect-error: an iteration hands on something else than the next one reads
@Repeat({ until: ({ score }: Draft) => score > 8, maxIterations: 5 })
export class ReadsOther {
  iterate({ previous }: LoopContext<{ grade: number }>): Draft {
    return { text: '', score: previous?.grade ?? 1 };
  }
  execute() {
    return {};
  }
}

// @ts-expect-error: an iteration hands on something else than execute takes
@Repeat({ until: ({ score }: Draft) => score > 8, maxIterations: 5 })
export class TakesOther {
  iterate(): Draft {
    return { text: '', score: 1 };
  }
  execute(_: StageContext, loop: LoopResult<{ grade: number }>) {
    return { grade: loop.output?.grade };
  }
}

// @ts-expect-error: nothing says what is done
@Repeat({ until: () => true, maxIterations: 5 })
export class DoesNothing {
  execute() {
    return {};
  }
}

// A method need not take all that there is.
@Repeat({ until: () => true, timeoutMs: 100 })
export class TakesLess {
  iterate(): Draft {
    return { text: '', score: 1 };
  }
  execute() {
    return {};
  }
}

class ImproveModule {}

@Repeat({ run: ImproveModule, until: (results: RunResults) => results.of('score') > 8, maxIterations: 5 })
export class ImproveByRuns {
  execute(_: StageContext, loop: LoopResult<RunResults>) {
    return { runs: loop.iterations };
  }
}

// The builder.
const words = new Pipeline('words').withStage('topic', () => ({ topic: 'sea' }));
const improved = words.repeat('improve', {
  dependsOn: ['topic'],
  iterate: (ctx: LoopContext<Draft>): Draft => ({ text: ctx.previous?.text ?? '', score: ctx.iteration }),
  until: (draft) => draft.score > 8,
  maxIterations: 3,
});
improved.withStage(
  'report',
  (ctx) => {
    const loop = ctx.inputs.from('improve');
    proves<Same<typeof loop, LoopResult<Draft>>>();
    return { reason: loop.reason };
  },
  { dependsOn: ['improve'] },
);
words
  .repeat('improve', {
    dependsOn: ['topic'],
    iterate: (ctx) => ({ text: ctx.inputs.from('topic').topic, score: ctx.iteration }),
    until: (draft) => draft.score > 8,
    timeoutMs: 3,
    output: (loop) => ({ text: loop.output?.text ?? '' }),
  })
  .withStage('report', (ctx) => ({ length: ctx.inputs.from('improve').text.length }), { dependsOn: ['improve'] });

// @ts-expect-error: nothing bounds it
words.repeat('improve', { iterate: () => ({ score: 1 }), until: ({ score }) => score > 8 });
// @ts-expect-error: an iteration hands on no grade
words.repeat('improve', { iterate: () => ({ score: 1 }), until: ({ grade }) => grade > 8, maxIterations: 2 });
// @ts-expect-error: what an iteration hands on is an object
words.repeat('improve', { iterate: () => 1, until: () => true, maxIterations: 2 });
