// Promises: compensation takes what the stage hands on; members of a quorum may have no output; a way back names a stage.
import { Compensate, DependsOn, RetryFrom } from '../../decorators/index.js';
import { Pipeline } from '../../src/pipeline/index.js';
import { atLeast, type CompensationContext, type QuorumOf, type StageContext } from '../../src/stage/index.js';
import { Fetch, Profile, proves, Rank, type Same } from './stages.js';

@Compensate()
export class Undoes {
  async execute() {
    return { id: 1 };
  }
  async compensate(_output: { id: number }, _ctx: CompensationContext) {}
}
// @ts-expect-error there is no method compensate
@Compensate()
export class UndoesNothing {
  execute() {
    return { id: 1 };
  }
}
// @ts-expect-error execute hands on a number, not a string
@Compensate()
export class UndoesSomethingElse {
  execute() {
    return { id: 1 };
  }
  compensate(_output: { id: string }) {}
}

@DependsOn(atLeast(2, Fetch, Rank, Profile))
export class ReadsMembers {
  execute(ctx: StageContext<QuorumOf<typeof Fetch | typeof Rank>>) {
    const rank = ctx.inputs.of(Rank);
    proves<Same<typeof rank, { score: number } | undefined>>();
    return { score: rank?.score };
  }
}
// @ts-expect-error a member may have no output
@DependsOn(atLeast(1, Fetch, Rank))
export class CountsOnAMember {
  execute(_ctx: StageContext<typeof Rank>) {}
}
// @ts-expect-error Profile is not a member
@DependsOn(atLeast(1, Fetch, Rank))
export class ReadsNoMember {
  execute(_ctx: StageContext<QuorumOf<typeof Profile>>) {}
}

@RetryFrom(Fetch, { attempts: 3, timeoutMs: 1_000, stagnation: 2 })
export class GoesBack {
  execute() {}
}
// @ts-expect-error the attempts are not optional
@RetryFrom(Fetch, {})
export class GoesBackForever {
  execute() {}
}

const base = new Pipeline('p').withStage('a', () => ({ a: 1 })).withStage('b', () => ({ b: 'x' }));
base.withStage('join', (ctx) => ({ a: ctx.inputs.from('a')?.a, b: ctx.inputs.from('b')?.b }), {
  dependsOn: [atLeast(1, 'a', 'b')],
});
// @ts-expect-error a member may have no output
base.withStage('join', (ctx) => ({ a: ctx.inputs.from('a').a }), { dependsOn: [atLeast(1, 'a', 'b')] });
// @ts-expect-error there is no stage c
base.withStage('join', () => ({}), { dependsOn: [atLeast(1, 'a', 'c')] });
base.withStage('check', () => ({}), { kind: 'guard', dependsOn: ['a'], retryFrom: { stage: 'a', attempts: 2 } });
// @ts-expect-error there is no stage z
base.withStage('check', () => ({}), { kind: 'guard', dependsOn: ['a'], retryFrom: { stage: 'z', attempts: 2 } });
base.withStage('book', () => ({ id: 1 }), { kind: 'work', compensate: ({ id }) => void id.toFixed() });
// @ts-expect-error the stage hands on a number
base.withStage('book', () => ({ id: 1 }), { kind: 'work', compensate: ({ id }) => void id.trim() });
