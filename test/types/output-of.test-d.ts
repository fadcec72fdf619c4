// Promise: what a stage hands on is known from what its execute returns.
import { Stage } from '../../decorators/index.js';
import { type EmptyOutput, type OutputOf, type StageContext, StageOutput } from '../../src/stage/index.js';
import { Fetch, Profile, proves, type Same } from './stages.js';

proves<Same<OutputOf<typeof Fetch>, { html: string }>>();
proves<Same<OutputOf<typeof Profile>, { name: string }>>();
// @ts-expect-error the promise is unwrapped
proves<Same<OutputOf<typeof Fetch>, Promise<{ html: string }>>>();
// @ts-expect-error so is the StageOutput
proves<Same<OutputOf<typeof Profile>, StageOutput<{ name: string }>>>();

class Plain {
  execute() {
    return { a: 1 };
  }
}
proves<Same<OutputOf<typeof Plain>, { a: number }>>();
// @ts-expect-error an instance is not a stage class
proves<Same<OutputOf<Plain>, { a: number }>>();

class Explicit {
  execute(): StageOutput<{ a: number }> | Promise<StageOutput<{ b: string }>> {
    return StageOutput.ok({ a: 1 });
  }
}
proves<Same<OutputOf<typeof Explicit>, { a: number } | { b: string }>>();

class EveryOutcome {
  async execute(ctx: StageContext) {
    if (ctx.attempt === 1) return StageOutput.retry('not yet', { afterMs: 10 });
    if (ctx.attempt === 2) return StageOutput.fail(new Error('no'), { retryable: false });
    if (ctx.attempt === 3) return StageOutput.skip('nothing to do');
    return StageOutput.ok({ a: 1 });
  }
}
proves<Same<OutputOf<typeof EveryOutcome>, { a: number }>>();

class Mixed {
  execute(ctx: StageContext) {
    return ctx.attempt === 1 ? { a: 1 } : StageOutput.fail('no');
  }
}
proves<Same<OutputOf<typeof Mixed>, { a: number }>>();

class Nothing {
  execute() {}
}
class NothingLater {
  async execute() {}
}
class OkWithoutData {
  execute() {
    return StageOutput.ok();
  }
}
proves<Same<OutputOf<typeof Nothing>, EmptyOutput>>();
proves<Same<OutputOf<typeof NothingLater>, EmptyOutput>>();
proves<Same<OutputOf<typeof OkWithoutData>, EmptyOutput>>();
// @ts-expect-error an empty output has no key to read
(undefined as unknown as OutputOf<typeof Nothing>).a satisfies string;

class Maybe {
  execute(ctx: StageContext) {
    return ctx.attempt === 1 ? null : { a: 1 };
  }
}
proves<Same<OutputOf<typeof Maybe>, { a: number } | EmptyOutput>>();

class Never {
  execute(): never {
    throw new Error('always');
  }
}
class OnlySkips {
  execute() {
    return StageOutput.skip('always');
  }
}
proves<Same<OutputOf<typeof Never>, never>>();
proves<Same<OutputOf<typeof OnlySkips>, never>>();

abstract class Abstract {
  abstract execute(ctx: StageContext): Promise<{ a: number }>;
}
proves<Same<OutputOf<typeof Abstract>, { a: number }>>();

class Service {
  run() {}
}
proves<Same<OutputOf<typeof Service>, never>>();

// What a stage may return at all.
StageOutput.ok({ a: 1 }).data?.a;
// @ts-expect-error an output is an object
StageOutput.ok('text');
// @ts-expect-error a skip gives its reason
StageOutput.skip();
// @ts-expect-error a cancellation gives its reason
StageOutput.cancel();
// @ts-expect-error a duration is a number of milliseconds
StageOutput.retry('later', { afterMs: '10' });
// @ts-expect-error outcomes are made by the five functions
new StageOutput('ok', {}, null, null, null);
// @ts-expect-error an output cannot be changed
StageOutput.ok({ a: 1 }).status = 'fail';

@Stage()
export class ReturnsAnObject {
  execute() {
    return { a: 1 };
  }
}
// @ts-expect-error a string is no output
@Stage()
export class ReturnsAString {
  execute() {
    return 'text';
  }
}
// @ts-expect-error nor is a list; give it a name: { items }
@Stage()
export class ReturnsAList {
  async execute() {
    return [1, 2, 3];
  }
}
// @ts-expect-error one branch is enough
@Stage()
export class ReturnsABooleanAtTimes {
  execute(ctx: StageContext) {
    return ctx.attempt === 1 ? { a: 1 } : false;
  }
}
