// Promise: a condition is typed by the stage it looks at, and decides at once.
import { DependsOn, Stage, When } from '../../decorators/index.js';
import type { StageContext } from '../../src/stage/index.js';
import { Profile, Rank, Route } from './stages.js';

@Stage()
@When(Route, (choice) => choice.route === 'sales')
export class Sales {
  execute() {}
}
// @ts-expect-error Route hands on `route`
@When(Route, (choice) => choice.rout === 'sales')
export class MisspeltKey {
  execute() {}
}
// @ts-expect-error "sails" is none of the routes
@When(Route, (choice) => choice.route === 'sails')
export class MisspeltRoute {
  execute() {}
}
// @ts-expect-error a condition is true or false, not truthy
@When(Route, (choice) => choice.route)
export class Truthy {
  execute() {}
}
// @ts-expect-error a promise would count as true
@When(Route, async (choice) => choice.route === 'sales')
export class Async {
  execute() {}
}
// @ts-expect-error a condition gives an answer
@When(Route, () => {})
export class Silent {
  execute() {}
}
// @ts-expect-error the predicate takes what Rank hands on
@When(Rank, (choice: { route: string }) => choice.route === 'sales')
export class TypedByAnother {
  execute() {}
}
@When(Profile, ({ name }) => name !== '')
export class LooksAtTheDataOfAStageOutput {
  execute() {}
}
// @ts-expect-error a predicate is needed
@When(Route)
export class NoPredicate {
  execute() {}
}
class Service {
  run() {}
}
// @ts-expect-error Service is not a stage
@When(Service, () => true)
export class LooksAtAService {
  execute() {}
}
// @ts-expect-error only a stage has a condition
@When(Route, () => true)
export class IsNoStage {
  run() {}
}

@When(Route, () => true)
@DependsOn(Route)
export class ReadsItsRouter {
  execute(ctx: StageContext<typeof Route>) {
    return { route: ctx.inputs.of(Route).route };
  }
}

@Stage({ when: (ctx) => ctx.inputs.of(Route).route === 'sales' })
export class ConditionInOptions {
  execute() {}
}
// @ts-expect-error a promise would count as true
@Stage({ when: async () => true })
export class AsyncInOptions {
  execute() {}
}
// @ts-expect-error a condition is true or false, not truthy
@Stage({ when: () => 'yes' })
export class TruthyInOptions {
  execute() {}
}
