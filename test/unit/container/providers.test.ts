import { describe, expect, it } from 'vitest';
import { Inject, Injectable, Optional, PipelineModule } from '../../../decorators/index.js';
import { AuthContext } from '../../../src/auth/index.js';
import { type DynamicModule, type Provider, token } from '../../../src/metadata/index.js';
import { create, failureOf, problemsOf, thrownBy } from './fixtures.js';

@PipelineModule({})
class Root {}

const rootWith = (...providers: unknown[]): DynamicModule => ({ module: Root, providers: providers as Provider[] });

class Clock {
  now(): number {
    return 1;
  }
}

describe('the forms of providers', () => {
  it('are a class, useClass, useValue, useFactory and useExisting', async () => {
    class FixedClock extends Clock {}
    const SECONDS = token<number>('seconds');
    const app = await create(
      rootWith(
        { provide: Clock, useClass: FixedClock },
        { provide: 'clock', useExisting: Clock },
        { provide: SECONDS, useFactory: (clock: Clock, add: number) => clock.now() + add, inject: ['clock', 'add'] },
        { provide: 'add', useValue: 2 },
      ),
    );
    expect(app.get(Clock)).toBeInstanceOf(FixedClock);
    expect(app.get('clock')).toBe(app.get(Clock));
    expect(app.get(SECONDS)).toBe(3);
  });

  it.each([null, false, 0, '', undefined])('take %s as the value it is', async (value) => {
    const app = await create(rootWith({ provide: 'value', useValue: value }));
    expect(app.get('value')).toBe(value);
    expect(app.container.resolve('value')).toBe(value);
  });

  it('hand falsy and empty values to constructors instead of their defaults', async () => {
    @Injectable()
    class Holder {
      constructor(
        @Inject('list') readonly list: unknown[] = ['default'],
        @Inject('zero') readonly zero: number | null = 5,
        @Inject('nothing') readonly nothing: null | string = 'default',
        @Inject('absent') readonly absent = 'default',
        readonly size = 3,
      ) {}
    }
    const app = await create(
      rootWith(
        Holder,
        { provide: 'list', useValue: [] },
        { provide: 'zero', useValue: 0 },
        { provide: 'nothing', useValue: null },
      ),
    );
    expect({ ...app.get(Holder) }).toEqual({ list: [], zero: 0, nothing: null, absent: 'default', size: 3 });
  });

  it('await a factory, once, before what needs its value is built', async () => {
    let calls = 0;
    @Injectable()
    class Service {
      constructor(@Inject('config') readonly config: { url: string }) {}
    }
    const factory = async () => {
      calls += 1;
      return { url: 'x' };
    };
    const app = await create(rootWith(Service, { provide: 'config', useFactory: factory }));
    expect(app.get(Service).config).toEqual({ url: 'x' });
    expect(calls).toBe(1);
  });

  it('pass a promise that is a value on as it is', async () => {
    const promise = Promise.resolve(1);
    const app = await create(
      rootWith(
        { provide: 'promise', useValue: promise },
        { provide: 'seen', useFactory: (seen: unknown) => [seen], inject: ['promise'] },
      ),
    );
    expect(app.get('promise')).toBe(promise);
    expect(app.get('seen')).toEqual([promise]);
  });

  it('do not mistake an instance with a then method for a promise', async () => {
    @Injectable()
    class Query {
      // biome-ignore lint/suspicious/noThenProperty: that is what is tested
      then(): never {
        throw new Error('awaited');
      }
    }
    @Injectable()
    class User {
      constructor(readonly query: Query) {}
    }
    const app = await create(rootWith(Query, User));
    expect(app.get(User).query).toBe(app.get(Query));
  });
});

describe('optional injection', () => {
  it('passes undefined where nobody provides, to constructors and factories', async () => {
    @Injectable()
    class Holder {
      constructor(
        @Optional() readonly clock?: Clock,
        @Optional() @Inject('name') readonly name?: string,
      ) {}
    }
    const app = await create(
      rootWith(Holder, {
        provide: 'args',
        useFactory: (...args: unknown[]) => args,
        inject: [{ token: Clock, optional: true }, Holder],
      }),
    );
    expect({ ...app.get(Holder) }).toEqual({ clock: undefined, name: undefined });
    expect(app.get('args')).toEqual([undefined, app.get(Holder)]);
  });

  it('passes what is provided', async () => {
    @Injectable()
    class Holder {
      constructor(@Optional() readonly clock?: Clock) {}
    }
    const app = await create(rootWith(Holder, Clock));
    expect(app.get(Holder).clock).toBe(app.get(Clock));
  });
});

describe('a provider that cannot be', () => {
  it.each<[unknown, string]>([
    [undefined, 'providers[0] of Root is undefined, which is not a provider.'],
    [{}, 'providers[0] of Root is an object, which is not a provider.'],
    [{ provide: 5, useValue: 1 }, 'providers[0] of Root provides 5, which is not a token.'],
    [{ provide: 'x' }, 'providers[0] of Root says nothing about what x is.'],
    [{ provide: 'x', useValue: 1, useClass: Clock }, 'providers[0] of Root has both useClass and useValue.'],
    [{ provide: 'x', useClass: undefined }, 'providers[0] of Root has undefined as useClass, which is not a class.'],
    [{ provide: 'x', useFactory: 3 }, 'providers[0] of Root has 3 as useFactory, which is not a function.'],
    [{ provide: 'x', useExisting: 3 }, 'providers[0] of Root has 3 as useExisting, which is not a token.'],
    [
      { provide: 'x', useFactory: () => 1, inject: 'y' },
      'providers[0] of Root has "y" as inject, which is not a list.',
    ],
    [
      { provide: 'x', useFactory: () => 1, inject: [undefined] },
      'providers[0] of Root has undefined at inject[0], which is not a token.',
    ],
    [{ provide: 'x', useClass: Clock, scope: 'request' }, 'providers[0] of Root has the unknown scope "request".'],
    [AuthContext, 'providers[0] of Root is AuthContext, which comes with each run.'],
    [{ provide: AuthContext, useValue: 1 }, 'providers[0] of Root provides AuthContext, which comes with each run.'],
    [Root, 'providers[0] of Root is Root, which is a module.'],
  ])('is refused with the reason: %o', async (provider, message) => {
    expect(await problemsOf(rootWith(provider))).toMatchObject([{ code: 'DI_INVALID_PROVIDER', message }]);
  });

  it('is one that is there twice in a module', async () => {
    const problems = await problemsOf(rootWith(Clock, { provide: Clock, useValue: 1 }));
    expect(problems).toMatchObject([
      { code: 'DI_DUPLICATE_PROVIDER', message: 'Module Root lists Clock twice in its providers.' },
    ]);
  });
});

describe('asking the application', () => {
  it('gives a new transient each time', async () => {
    const app = await create(rootWith({ provide: Clock, useClass: Clock, scope: 'transient' }));
    expect(app.get(Clock)).not.toBe(app.get(Clock));
  });

  it('says what it does not see', async () => {
    @PipelineModule({ providers: [Clock] })
    class Hidden {}
    const app = await create({ module: Root, imports: [Hidden] });
    expect(thrownBy(() => app.get(Clock))).toMatchObject({
      code: 'DI_NOT_EXPORTED',
      message: expect.stringContaining('Module Hidden provides Clock, but Root does not see it.'),
    });
    expect(thrownBy(() => app.get('nothing')).code).toBe('DI_MISSING_PROVIDER');
  });

  it('refuses a transient that takes time', async () => {
    const app = await create(rootWith({ provide: 'slow', useFactory: async () => 1, scope: 'transient' }));
    expect(thrownBy(() => app.get('slow')).code).toBe('DI_CONSTRUCTION_FAILED');
  });

  it('keeps two applications of one module apart', async () => {
    @Injectable()
    class Counter {
      count = 0;
    }
    const root = rootWith(Counter);
    const [one, two] = await Promise.all([create(root), create(root)]);
    one.get(Counter).count = 5;
    expect(two.get(Counter).count).toBe(0);
    expect(one.container).not.toBe(two.container);
    await one.close();
    expect(two.get(Counter).count).toBe(0);
  });
});

describe('constructor metadata that is missing', () => {
  it('is a problem of the plan, not of a constructor', async () => {
    class Undecorated {
      constructor(readonly clock: Clock) {}
    }
    const problems = await problemsOf(rootWith(Clock, Undecorated));
    expect(problems.map((problem) => problem.code)).toEqual(['METADATA_MISSING']);
  });

  it('is not asked of a class that a factory makes', async () => {
    class Undecorated {
      constructor(readonly clock: Clock) {}
    }
    const provider = { provide: Undecorated, useFactory: (c: Clock) => new Undecorated(c), inject: [Clock] };
    expect((await create(rootWith(Clock, provider))).get(Undecorated).clock).toBeInstanceOf(Clock);
  });

  it('is reported for a type that was erased', async () => {
    const emitTypes: ClassDecorator = () => {};
    @emitTypes
    class Erased {
      constructor(readonly clock: { now(): number }) {}
    }
    expect(await problemsOf(rootWith(Erased))).toMatchObject([{ code: 'METADATA_ERASED' }]);
  });
});

it('fails with a definition error that lists every problem', async () => {
  const error = await failureOf(create(rootWith(undefined, { provide: 'x' })));
  expect(String(error)).toContain('application Root has 2 problems');
});
