// Promise: a provider gives what its token stands for.
import { PipelineModule } from '../../decorators/index.js';
import { type Provider, Scope, token } from '../../src/metadata/index.js';

interface Clock {
  now(): number;
}
class SystemClock implements Clock {
  now() {
    return 1;
  }
}
class ConsoleLogger {
  info(_line: string) {}
}
class HttpClient {
  readonly #cache = new Map<string, string>();
  private readonly retries = 3;
  async get(url: string) {
    return this.#cache.get(url) ?? String(this.retries);
  }
}
abstract class Store {
  abstract read(key: string): string | null;
}
class MemoryStore extends Store {
  read() {
    return null;
  }
}
const CLOCK = token<Clock>('Clock');
const LIMIT = token<number>('limit');
const HOSTS = token<readonly string[]>('hosts');
const URL_OR_NULL = token<string | null>('url');
const shared: readonly Provider[] = [SystemClock];

@PipelineModule({
  providers: [
    ...shared,
    SystemClock,
    { provide: CLOCK, useClass: SystemClock, scope: Scope.Run },
    { provide: CLOCK, useExisting: SystemClock },
    { provide: CLOCK, useValue: { now: () => 0 } },
    { provide: CLOCK, useFactory: async (limit: number) => ({ now: () => limit }), inject: [LIMIT] },
    { provide: LIMIT, useValue: 0 },
    { provide: URL_OR_NULL, useValue: null },
    { provide: HOSTS, useValue: ['a', 'b'] },
    { provide: Store, useClass: MemoryStore },
    { provide: HttpClient, useValue: { get: async () => '' } },
    { provide: 'anything', useValue: 7 },
    { provide: Symbol.for('anything'), useFactory: () => undefined },
    { provide: LIMIT, useExisting: 'anything' },
  ],
})
export class Fits {}

@PipelineModule({ providers: shared })
export class FromAList {}

@PipelineModule({ providers: [] })
export class Empty {}

// @ts-expect-error the limit is a number
@PipelineModule({ providers: [{ provide: LIMIT, useValue: '0' }] })
export class OtherValue {}
// @ts-expect-error null only where the token allows it
@PipelineModule({ providers: [{ provide: LIMIT, useValue: null }] })
export class NullValue {}
// @ts-expect-error a logger is no clock
@PipelineModule({ providers: [{ provide: CLOCK, useClass: ConsoleLogger }] })
export class OtherClass {}
// @ts-expect-error a logger is no clock, under another name either
@PipelineModule({ providers: [SystemClock, { provide: CLOCK, useExisting: ConsoleLogger }] })
export class OtherExisting {}
// @ts-expect-error the factory makes a logger
@PipelineModule({ providers: [{ provide: CLOCK, useFactory: () => new ConsoleLogger() }] })
export class OtherFactory {}
// @ts-expect-error also if one has to wait for it
@PipelineModule({ providers: [{ provide: CLOCK, useFactory: async () => new ConsoleLogger() }] })
export class OtherAsyncFactory {}
// @ts-expect-error a stand-in has every public method
@PipelineModule({ providers: [{ provide: HttpClient, useValue: { post: async () => '' } }] })
export class OtherStandIn {}
// @ts-expect-error an abstract class cannot be built
@PipelineModule({ providers: [{ provide: Store, useClass: Store }] })
export class AbstractStandIn {}
// @ts-expect-error a scope is one of three
@PipelineModule({ providers: [{ provide: CLOCK, useClass: SystemClock, scope: 'request' }] })
export class OtherScope {}
