import { describe, expect, it } from 'vitest';
import { Injectable, PipelineModule } from '../../../decorators/index.js';
import type { DynamicModule, Provider } from '../../../src/metadata/index.js';
import { create, failureOf, gate, settle } from './fixtures.js';

@PipelineModule({})
class Root {}
const rootWith = (...providers: Provider[]): DynamicModule => ({ module: Root, providers });

/** Writes into `log` when it is disposed. */
const disposable = (log: string[], name: string) => ({
  async [Symbol.asyncDispose]() {
    await Promise.resolve();
    log.push(name);
  },
});

describe('the start of an application', () => {
  it('runs asynchronous factories that do not need each other at the same time, the others in order', async () => {
    const log: string[] = [];
    const [a, b] = [gate(), gate()];
    const started = create(
      rootWith(
        { provide: 'last', useFactory: () => log.push('last'), inject: ['a', 'b'] },
        {
          provide: 'a',
          useFactory: async () => {
            log.push('a starts');
            await a.opened;
            log.push('a ends');
          },
        },
        {
          provide: 'b',
          useFactory: async () => {
            log.push('b starts');
            await b.opened;
            log.push('b ends');
          },
        },
        { provide: 'after a', useFactory: () => log.push('after a'), inject: ['a'] },
      ),
    );
    await settle();
    expect([...log].sort()).toEqual(['a starts', 'b starts']);
    a.open();
    await settle();
    expect(log.slice(2)).toEqual(['a ends', 'after a']);
    b.open();
    await started;
    expect(log.slice(4)).toEqual(['b ends', 'last']);
  });

  it('waits for an asynchronous transient that a singleton needs', async () => {
    const ready = gate();
    const started = create(
      rootWith(
        { provide: 'part', useFactory: () => ready.opened.then(() => 'part'), scope: 'transient' },
        { provide: 'whole', useFactory: (one: string, two: string) => [one, two], inject: ['part', 'part'] },
      ),
    );
    await settle();
    ready.open();
    expect((await started).get('whole')).toEqual(['part', 'part']);
  });

  it('that fails says what, for whom and why, and disposes what was built, last first', async () => {
    const log: string[] = [];
    @Injectable()
    class Broken {
      constructor() {
        throw new Error('refused');
      }
    }
    @Injectable()
    class Service {
      constructor(readonly broken: Broken) {}
    }
    const error = await failureOf(
      create(
        rootWith(
          { provide: 'one', useFactory: () => disposable(log, 'one') },
          { provide: 'two', useFactory: async () => disposable(log, 'two'), inject: ['one'] },
          { provide: 'wait', useFactory: () => 1, inject: ['two'] },
          { provide: Broken, useFactory: (_: unknown) => new Broken(), inject: ['wait'] },
          Service,
        ),
      ),
    );
    expect(error).toMatchObject({
      code: 'DI_CONSTRUCTION_FAILED',
      message: expect.stringContaining('Broken could not be built: refused (Root → Broken)'),
      details: { provider: 'Broken', chain: ['Root', 'Broken'] },
      cause: expect.objectContaining({ message: 'refused' }),
    });
    expect(log).toEqual(['two', 'one']);
  });

  it('keeps what was thrown as the cause, whatever it is', async () => {
    const failing = (thrown: unknown) => ({
      provide: 'x',
      useFactory: () => {
        throw thrown;
      },
    });
    expect(await failureOf(create(rootWith(failing(null))))).toHaveProperty('cause', null);
    expect(await failureOf(create(rootWith(failing('text'))))).toHaveProperty('cause', 'text');
  });

  it('that fails waits for factories under way, disposes their results, and starts no more', async () => {
    const log: string[] = [];
    const slow = gate();
    const failed = failureOf(
      create(
        rootWith(
          { provide: 'slow', useFactory: () => slow.opened.then(() => disposable(log, 'slow')) },
          { provide: 'broken', useFactory: () => Promise.reject(new Error('refused')) },
          { provide: 'never', useFactory: () => log.push('never'), inject: ['slow'] },
        ),
      ),
    );
    await settle();
    expect(log).toEqual([]);
    slow.open();
    expect(await failed).toMatchObject({ code: 'DI_CONSTRUCTION_FAILED' });
    expect(log).toEqual(['slow']);
  });
});

describe('closing an application', () => {
  it('disposes what was built in reverse order, each once, by either symbol', async () => {
    const log: string[] = [];
    @Injectable()
    class Base {
      [Symbol.dispose]() {
        log.push('Base');
      }
    }
    @Injectable()
    class Top {
      constructor(readonly base: Base) {}
      async [Symbol.asyncDispose]() {
        await settle();
        log.push('Top');
      }
      [Symbol.dispose]() {
        log.push('not this one');
      }
    }
    const app = await create(
      rootWith(
        Top,
        Base,
        { provide: 'alias', useExisting: Base },
        { provide: 'same', useFactory: (base: Base) => base, inject: [Base] },
        { provide: 'made', useFactory: () => disposable(log, 'made'), inject: [Top] },
      ),
    );
    await Promise.all([app.close(), app.close()]);
    await app.close();
    expect(log).toEqual(['made', 'Top', 'Base']);
  });

  it('leaves values alone: they belong to whoever made them', async () => {
    const log: string[] = [];
    const value = disposable(log, 'value');
    const app = await create(
      rootWith(
        { provide: 'value', useValue: value },
        { provide: 'handed on', useFactory: () => value },
        { provide: 'wrapped', useFactory: (given: unknown) => given, inject: ['value'] },
      ),
    );
    await app.close();
    expect(log).toEqual([]);
  });

  it('disposes transients with the singleton they were made for', async () => {
    const log: string[] = [];
    const app = await create(
      rootWith(
        { provide: 'part', useFactory: () => disposable(log, 'part'), scope: 'transient' },
        { provide: 'whole', useFactory: (...parts: unknown[]) => ({ parts }), inject: ['part', 'part'] },
      ),
    );
    await app.close();
    expect(log).toEqual(['part', 'part']);
  });

  it('goes on after a failure and reports all of them', async () => {
    const log: string[] = [];
    const failing = (name: string) => ({
      provide: name,
      useFactory: () => ({
        [Symbol.dispose]() {
          throw new Error(`${name} is stuck`);
        },
      }),
    });
    const app = await create(
      rootWith(failing('first'), { provide: 'fine', useFactory: () => disposable(log, 'fine') }, failing('second')),
    );
    const error = await failureOf(app.close());
    expect(error).toMatchObject({
      code: 'DI_DISPOSE_FAILED',
      message: expect.stringContaining('second (second is stuck), first (first is stuck)'),
      details: {
        failures: [
          { provider: 'second', message: 'second is stuck' },
          { provider: 'first', message: 'first is stuck' },
        ],
      },
    });
    expect((error as Error).cause).toBeInstanceOf(AggregateError);
    expect(log).toEqual(['fine']);
    expect(await failureOf(app.close())).toBe(error);
  });
});
