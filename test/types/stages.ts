import { Stage } from '../../decorators/index.js';
import { type StageContext, StageOutput } from '../../src/stage/index.js';

@Stage()
export class Fetch {
  async execute(_ctx: StageContext) {
    return { html: '<b>' };
  }
}

@Stage()
export class Rank {
  execute() {
    return { score: 1 };
  }
}

/** Hands on all that Fetch hands on, and more: the compiler would take it for a Fetch. */
@Stage()
export class FetchMore {
  async execute(_ctx: StageContext) {
    return { html: '<b>', bytes: 3 };
  }
}

@Stage()
export class Profile {
  execute() {
    return Math.random() > 2 ? StageOutput.skip('nobody') : StageOutput.ok({ name: 'Ada' });
  }
}

@Stage()
export class Route {
  execute() {
    return { route: 'sales' as 'sales' | 'support' };
  }
}

/** True where two types are the same, and not merely assignable. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles where `T` is true: `proves<Same<A, B>>()`. */
export function proves<T extends true>(): T | undefined {
  return undefined;
}
