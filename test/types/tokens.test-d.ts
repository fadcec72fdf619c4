// Promise: what a token stands for, what provides it and what receives it agree.
import { Inject, Optional, Stage } from '../../decorators/index.js';
import {
  type ClassProvider,
  type FactoryProvider,
  type InjectionToken,
  type Lazy,
  lazy,
  type Token,
  token,
  type ValueProvider,
} from '../../src/metadata/index.js';
import { proves, type Same } from './stages.js';

interface Clock {
  now(): number;
}
interface Logger {
  info(line: string): void;
}
class SystemClock implements Clock {
  now() {
    return 1;
  }
  zone() {
    return 'UTC';
  }
}
class ConsoleLogger implements Logger {
  info() {}
}
const CLOCK = token<Clock>('Clock');
const LIMIT = token<number>('limit');

proves<Same<typeof CLOCK, InjectionToken<Clock>>>();
CLOCK satisfies Token<Clock>;
// @ts-expect-error a token of a clock is no token of a logger
CLOCK satisfies InjectionToken<Logger>;
// @ts-expect-error a token has a name, for errors
token<Clock>();

// Providers
({ provide: CLOCK, useClass: SystemClock }) satisfies ClassProvider<Clock>;
// @ts-expect-error a logger is no clock
({ provide: CLOCK, useClass: ConsoleLogger }) satisfies ClassProvider<Clock>;
({ provide: LIMIT, useValue: 0 }) satisfies ValueProvider<number>;
// @ts-expect-error the limit is a number
({ provide: LIMIT, useValue: '0' }) satisfies ValueProvider<number>;
({ provide: CLOCK, useFactory: async () => new SystemClock() }) satisfies FactoryProvider<Clock>;
// @ts-expect-error the factory makes a logger
({ provide: CLOCK, useFactory: () => new ConsoleLogger() }) satisfies FactoryProvider<Clock>;

// Constructor parameters
@Stage()
export class Accepts {
  constructor(
    @Inject(CLOCK) readonly clock: Clock,
    @Inject(SystemClock) readonly narrower: Clock,
    @Inject(LIMIT) readonly limit: number | undefined,
    @Inject('name') readonly name: string,
    @Inject(Symbol.for('any')) readonly any: Map<string, string>,
    @Inject(lazy(() => SystemClock)) readonly later: Lazy<SystemClock>,
    @Inject(CLOCK) @Optional() readonly perhaps?: Clock,
    @Optional() readonly logger: ConsoleLogger = new ConsoleLogger(),
  ) {}
  execute() {}
}
export class RefusesAnotherType {
  // @ts-expect-error the parameter is a logger
  constructor(@Inject(CLOCK) readonly logger: Logger) {}
}
export class RefusesTheSecond {
  constructor(
    @Inject(CLOCK) readonly clock: Clock,
    // @ts-expect-error the token stands for a clock without zone()
    @Inject(CLOCK) readonly zoned: SystemClock,
  ) {}
}
export class RefusesAnotherClass {
  // @ts-expect-error ConsoleLogger has no now()
  constructor(@Inject(ConsoleLogger) readonly clock: Clock) {}
}
export class RefusesAValue {
  // @ts-expect-error the limit is a number
  constructor(@Inject(LIMIT) readonly limit: string) {}
}
export class RefusesTheLazyTarget {
  // @ts-expect-error what is injected is a reference: Lazy<SystemClock>
  constructor(@Inject(lazy(() => SystemClock)) readonly clock: SystemClock) {}
}
export class RefusesAnotherLazyTarget {
  // @ts-expect-error the reference gives a logger
  constructor(@Inject(lazy(() => ConsoleLogger)) readonly clock: Lazy<SystemClock>) {}
}
export class RefusesUndefined {
  // @ts-expect-error what is optional may be undefined
  constructor(@Optional() readonly clock: SystemClock) {}
}
export class RefusesWhatIsNoToken {
  // @ts-expect-error a token is a class, a token(…), a string or a symbol
  constructor(@Inject(42) readonly limit: number) {}
}
export class RefusesMethods {
  // @ts-expect-error only constructors are injected
  run(@Inject(CLOCK) clock: Clock) {
    return clock;
  }
}
export class RefusesOptionalOnMethods {
  // @ts-expect-error only constructors are injected
  run(@Optional() clock?: Clock) {
    return clock;
  }
}
// @ts-expect-error a value has no class to name later
lazy(() => 'text');
// @ts-expect-error lazily means by a function
lazy(SystemClock);
