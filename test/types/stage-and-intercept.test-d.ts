// Promise: decorators stand where they mean something, with options that exist.
import { Injectable, Intercept, PipelineModule, Stage } from '../../decorators/index.js';
import { Scope } from '../../src/metadata/index.js';
import { type Interceptor, type Next, optional, type StageContext, StageKind } from '../../src/stage/index.js';
import { Fetch, Rank } from './stages.js';

@Stage({ kind: StageKind.Guard, name: 'guard', timeoutMs: 2_000, priority: 1 })
export class Options {
  execute() {}
}
// @ts-expect-error no such kind
@Stage({ kind: 'gard' })
export class UnknownKind {
  execute() {}
}
// @ts-expect-error the option is timeoutMs
@Stage({ timeout: 2_000 })
export class UnknownOption {
  execute() {}
}
// @ts-expect-error milliseconds, as a number
@Stage({ timeoutMs: '2s' })
export class DurationAsText {
  execute() {}
}
// @ts-expect-error a stage has execute
@Stage()
export class NoExecute {
  run() {}
}
// @ts-expect-error execute is a method
@Stage()
export class ExecuteIsData {
  execute = 'now';
}
// @ts-expect-error the decorator is called
@Stage
export class NotCalled {
  execute() {}
}
@Stage()
export abstract class SharedOptions {
  execute(_ctx: StageContext) {
    return this.answer();
  }
  abstract answer(): { a: number };
}
export class OnAMethod {
  // @ts-expect-error a stage is a class
  @Stage()
  execute() {}
}

class Audit implements Interceptor {
  intercept(_ctx: StageContext, next: Next) {
    return next();
  }
}
class NotAnInterceptor {
  handle() {}
}
@Intercept(Audit, new Audit(), { intercept: (_ctx, next) => next() })
export class Intercepted {
  execute() {}
}
// @ts-expect-error it has no intercept method
@Intercept(NotAnInterceptor)
export class InterceptedByAnother {
  execute() {}
}
// @ts-expect-error an interceptor gives a StageOutput, or the promise of one
@Intercept({ intercept: () => 'done' })
export class InterceptedByText {
  execute() {}
}
// @ts-expect-error only stages are intercepted
@Intercept(Audit)
export class InterceptsNoStage {
  run() {}
}
// @ts-expect-error next() takes a context, or nothing
@Intercept({ intercept: (_ctx, next) => next('again') })
export class HandsTextToNext {
  execute() {}
}

@Injectable({ scope: Scope.Run })
export class RunScoped {}
// @ts-expect-error no such scope
@Injectable({ scope: 'request' })
export class UnknownScope {}

@PipelineModule({ name: 'crawl', stages: [Fetch, Rank], interceptors: [Audit], maxConcurrency: 4 })
export class Crawl {}
// @ts-expect-error a service is not a stage
@PipelineModule({ stages: [RunScoped] })
export class ServiceAsStage {}
// @ts-expect-error optional(…) belongs into @DependsOn
@PipelineModule({ stages: [optional(Fetch)] })
export class OptionalStage {}
// @ts-expect-error fail-fast or continue
@PipelineModule({ failurePolicy: 'ignore' })
export class UnknownPolicy {}
// @ts-expect-error a provider is a class or says what it provides
@PipelineModule({ providers: [{ useValue: 1 }] })
export class ProvidesNothing {}
// @ts-expect-error a provider says what stands for the token
@PipelineModule({ providers: [{ provide: 'token' }] })
export class ProvidesOnlyAToken {}
// @ts-expect-error the option is providers
@PipelineModule({ provider: [] })
export class UnknownModuleOption {}
