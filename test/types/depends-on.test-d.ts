// Promise: a class that reads a stage which @DependsOn does not declare does not compile.
import { DependsOn, Stage } from '../../decorators/index.js';
import { type OptionalDependency, optional, type StageContext, type StageInputs } from '../../src/stage/index.js';
import { Fetch, FetchMore, Profile, Rank } from './stages.js';

@Stage()
@DependsOn(Fetch, Rank)
export class ReadsWhatItDeclares {
  execute(ctx: StageContext<typeof Fetch | typeof Rank>) {
    return { total: ctx.inputs.of(Fetch).html.length + ctx.inputs.of(Rank).score };
  }
}
// @ts-expect-error Rank is read and not declared
@DependsOn(Fetch)
export class ReadsMoreThanItDeclares {
  execute(ctx: StageContext<typeof Fetch | typeof Rank>) {
    return { score: ctx.inputs.of(Rank).score };
  }
}
// @ts-expect-error Rank and Profile are read and not declared
@DependsOn(Fetch)
export class ReadsTwoMore {
  execute(_ctx: StageContext<typeof Rank | typeof Profile>) {}
}
// @ts-expect-error an empty list declares nothing
@DependsOn()
export class DeclaresNothing {
  execute(_ctx: StageContext<typeof Fetch>) {}
}
// @ts-expect-error FetchMore could pass for Fetch, and is another stage
@DependsOn(FetchMore)
export class DeclaresALookalike {
  execute(_ctx: StageContext<typeof Fetch>) {}
}
// @ts-expect-error and the other way round
@DependsOn(Fetch)
export class ReadsALookalike {
  execute(_ctx: StageContext<typeof FetchMore>) {}
}

@DependsOn(Fetch, Rank)
export class ReadsLess {
  execute(_ctx: StageContext<typeof Fetch>) {}
}
@DependsOn(Fetch, Fetch)
export class DeclaresTwice {
  execute(_ctx: StageContext<typeof Fetch>) {}
}
@DependsOn(Fetch)
export class ReadsNothing {
  execute() {}
}
@DependsOn(Fetch)
export class ReadsUnchecked {
  execute(ctx: StageContext) {
    return ctx.inputs.of(Rank);
  }
}
@DependsOn(Fetch)
export class TakesAny {
  execute(_ctx: any) {}
}

// However the context is taken, it counts.
@DependsOn(Fetch)
export class Destructures {
  async execute({ inputs }: StageContext<typeof Fetch>) {
    return { html: inputs.of(Fetch).html };
  }
}
// @ts-expect-error destructured, still undeclared
@DependsOn(Fetch)
export class DestructuresUndeclared {
  execute({ inputs }: StageContext<typeof Rank>) {
    return { score: inputs.of(Rank).score };
  }
}
@DependsOn(Fetch)
export class TakesInputsOnly {
  execute(_ctx: { readonly inputs: StageInputs<typeof Fetch> }) {}
}
// @ts-expect-error a narrower parameter hides nothing
@DependsOn(Fetch)
export class TakesUndeclaredInputsOnly {
  execute(_ctx: { readonly inputs: StageInputs<typeof Rank> }) {}
}
// @ts-expect-error nor does an optional one
@DependsOn(Fetch)
export class TakesAnOptionalContext {
  execute(_ctx?: StageContext<typeof Rank>) {}
}
// @ts-expect-error nor does the constructor or what else the class holds
@DependsOn(Fetch)
export class HasServices {
  constructor(
    readonly a: Map<string, string>,
    private readonly b: Set<string>,
  ) {}
  execute(_ctx: StageContext<typeof Rank>) {
    return { size: this.b.size };
  }
}

// optional(…): the declaration and the reading side must agree.
@DependsOn(Fetch, optional(Profile))
export class ReadsOptionalAsOptional {
  execute(ctx: StageContext<typeof Fetch | OptionalDependency<typeof Profile>>) {
    return { name: ctx.inputs.of(Profile)?.name ?? 'nobody' };
  }
}
// @ts-expect-error declared optional, read as required
@DependsOn(Fetch, optional(Profile))
export class ReadsOptionalAsRequired {
  execute(_ctx: StageContext<typeof Fetch | typeof Profile>) {}
}
@DependsOn(Profile)
export class ReadsRequiredAsOptional {
  execute(_ctx: StageContext<OptionalDependency<typeof Profile>>) {}
}
@DependsOn(optional(Profile), Profile)
export class DeclaresBoth {
  execute(_ctx: StageContext<typeof Profile>) {}
}
// @ts-expect-error read as optional, not declared at all
@DependsOn(Fetch)
export class ReadsOptionalUndeclared {
  execute(_ctx: StageContext<OptionalDependency<typeof Profile>>) {}
}

// Inheritance: the class that carries the decorator is checked.
abstract class Base {
  execute(_ctx: StageContext<typeof Fetch>) {}
}
@DependsOn(Fetch)
export class Inherits extends Base {}
// @ts-expect-error the inherited execute reads Fetch
@DependsOn(Rank)
export class InheritsUndeclared extends Base {}

// Only stages can be depended on, and only stages depend.
class Service {
  run() {}
}
// @ts-expect-error Service has no execute
@DependsOn(Service)
export class DependsOnAService {
  execute() {}
}
// @ts-expect-error optional(…) takes a stage class too
@DependsOn(optional(Service))
export class DependsOnAnOptionalService {
  execute() {}
}
// @ts-expect-error names are for the builder
@DependsOn('Fetch')
export class DependsOnAName {
  execute() {}
}
// @ts-expect-error a class, not an instance
@DependsOn(new Fetch())
export class DependsOnAnInstance {
  execute() {}
}
// @ts-expect-error arguments, not a list
@DependsOn([Fetch])
export class DependsOnAList {
  execute() {}
}
// @ts-expect-error without execute it is not a stage
@DependsOn(Fetch)
export class IsNoStage {
  run() {}
}
