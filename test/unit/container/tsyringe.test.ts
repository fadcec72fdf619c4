import 'reflect-metadata';
import {
  type DependencyContainer,
  delay,
  inject,
  injectAll,
  injectable,
  injectWithTransform,
  Lifecycle,
  scoped,
  singleton,
  container as tsyringeRoot,
} from 'tsyringe';
import { beforeEach, describe, expect, it } from 'vitest';
import { Inject, Injectable, PipelineModule, Stage } from '../../../decorators/index.js';
import { AuthContext, PrincipalKind } from '../../../src/auth/index.js';
import { Stageflow } from '../../../src/container/index.js';
import type { DynamicModule, Provider } from '../../../src/metadata/index.js';
import { create, failureOf, problemsOf, thrownBy } from './fixtures.js';

@PipelineModule({})
class Root {}
const rootWith = (...providers: Provider[]): DynamicModule => ({ module: Root, providers });
const ann = AuthContext.verified({ kind: PrincipalKind.User, userId: 'ann' });

let parent: DependencyContainer;
beforeEach(() => {
  parent = tsyringeRoot.createChildContainer();
});

describe('classes written for tsyringe', () => {
  it('work unchanged: decorated, registered in the root container or nowhere', async () => {
    @singleton()
    class Config {
      readonly url = 'x';
    }
    @injectable()
    class Formatter {}
    @injectable()
    class Client {
      constructor(
        readonly config: Config,
        readonly formatter: Formatter,
        @inject('Suffix') readonly suffix: string,
      ) {}
    }
    @Stage()
    class Call {
      constructor(readonly client: Client) {}
      execute() {
        return { url: this.client.config.url + this.client.suffix, formatter: this.client.formatter };
      }
    }
    @PipelineModule({ stages: [Call], providers: [{ provide: 'Suffix', useValue: '!' }] })
    class Pipeline {}
    const app = await Stageflow.create(Pipeline);
    const output = (await app.run(Pipeline)).of(Call);
    expect(output.url).toBe('x!');
    expect(output.formatter).toBeInstanceOf(Formatter);
    expect(app.get(Config)).toBe(tsyringeRoot.resolve(Config));
  });

  it('and found nowhere are built anew for every place that asks', async () => {
    @injectable()
    class Part {}
    @Injectable()
    class Two {
      constructor(
        readonly one: Part,
        readonly two: Part,
      ) {}
    }
    const two = (await create(rootWith(Two), { parent })).get(Two);
    expect(two.one).toBeInstanceOf(Part);
    expect(two.one).not.toBe(two.two);
  });

  it('may be listed as providers and stages', async () => {
    @injectable()
    class Greeter {
      constructor(@inject('name', { isOptional: true }) readonly name: string | undefined) {}
    }
    const app = await create(rootWith(Greeter), { parent });
    expect({ ...app.get(Greeter) }).toEqual({ name: undefined });
  });

  it('that need what nobody has are reported with their chain', async () => {
    @injectable()
    class Lonely {
      constructor(@inject('nothing') readonly nothing: string) {}
    }
    @Injectable()
    class Service {
      constructor(readonly lonely: Lonely) {}
    }
    expect(await problemsOf(rootWith(Service), { parent })).toMatchObject([
      { code: 'DI_MISSING_PROVIDER', details: { chain: ['Root', 'Service', 'Lonely', 'nothing'] } },
    ]);
  });

  it('may delay each other: the object is there, private members included', async () => {
    @injectable()
    class Chicken {
      constructor(@inject(delay(() => Egg)) readonly egg: unknown) {}
    }
    @injectable()
    class Egg {
      readonly #secret = 'yolk';
      label = 'egg';
      constructor(readonly chicken: Chicken) {}
      open(): string {
        return this.#secret;
      }
    }
    const app = await create(rootWith(Chicken, Egg), { parent });
    const egg = app.get(Chicken).egg as Egg;
    expect(egg.open()).toBe('yolk');
    expect(egg).toBeInstanceOf(Egg);
    expect('label' in egg && Object.keys(egg).sort()).toEqual(['chicken', 'label']);
    egg.label = 'boiled';
    expect(app.get(Egg).label).toBe('boiled');
    expect(JSON.parse(JSON.stringify({ ...egg, chicken: 0 }))).toEqual({ label: 'boiled', chicken: 0 });
    Reflect.deleteProperty(egg, 'label');
    expect('label' in app.get(Egg)).toBe(false);
  });

  it('may ask for all of a token, and for a transformed one', async () => {
    class Upper {
      transform(value: string, end: string): string {
        return value.toUpperCase() + end;
      }
    }
    parent.register('plugin', { useValue: 'one' }).register('plugin', { useValue: 'two' });
    parent.register(Upper, Upper).register('name', { useValue: 'ann' });
    @injectable()
    class Host {
      constructor(
        @injectAll('plugin') readonly plugins: string[],
        @injectAll('none', { isOptional: true }) readonly none: string[],
        @injectAll('local') readonly local: string[],
        @injectWithTransform('name', Upper, '!') readonly name: string,
      ) {}
    }
    const app = await create(rootWith(Host, { provide: 'local', useValue: 'here' }), { parent });
    expect({ ...app.get(Host) }).toEqual({ plugins: ['one', 'two'], none: [], local: ['here'], name: 'ANN!' });
  });

  it('that ask for all of a token nobody has are reported', async () => {
    @injectable()
    class Host {
      constructor(@injectAll('plugin') readonly plugins: string[]) {}
    }
    expect(await problemsOf(rootWith(Host), { parent })).toMatchObject([{ code: 'DI_MISSING_PROVIDER' }]);
  });
});

describe('a container of the user', () => {
  it('provides what no module does, in every form, asked each time something is built', async () => {
    class Pool {}
    @injectable()
    class Repository {
      constructor(readonly pool: Pool) {}
    }
    let made = 0;
    parent.registerSingleton(Pool);
    parent.register('repository', Repository);
    parent.register('same repository', { useToken: 'repository' });
    parent.register('counter', { useFactory: () => ++made });
    @Injectable()
    class Service {
      constructor(
        readonly pool: Pool,
        @Inject('repository') readonly repository: Repository,
        @Inject('same repository') readonly same: Repository,
        @Inject('counter') readonly first: number,
        @Inject('counter') readonly second: number,
      ) {}
    }
    const app = await create(rootWith(Service), { parent });
    const service = app.get(Service);
    expect(service.pool).toBe(parent.resolve(Pool));
    expect(service.repository.pool).toBe(service.pool);
    expect(service.same).toBeInstanceOf(Repository);
    expect([service.first, service.second]).toEqual([1, 2]);
    expect(app.describe().fromParent).toContain('counter');
    expect(app.get('counter')).toBe(3);
  });

  it('comes after what modules provide', async () => {
    parent.register('name', { useValue: 'tsyringe' });
    const app = await create(rootWith({ provide: 'name', useValue: 'module' }), { parent });
    expect(app.get('name')).toBe('module');
  });

  it('does not lend what an imported module keeps to itself', async () => {
    class Pool {}
    parent.registerSingleton(Pool);
    @PipelineModule({ providers: [Pool] })
    class PoolModule {}
    @Injectable()
    class Service {
      constructor(readonly pool: Pool) {}
    }
    const problems = await problemsOf({ module: Root, imports: [PoolModule], providers: [Service] }, { parent });
    expect(problems).toMatchObject([{ code: 'DI_NOT_EXPORTED' }]);
  });

  it('may be overridden for an application', async () => {
    class Pool {
      name = 'real';
    }
    parent.registerSingleton(Pool);
    @Injectable()
    class Service {
      constructor(readonly pool: Pool) {}
    }
    const overrides = [{ provide: Pool, useValue: { name: 'fake' } }];
    const app = await create(rootWith(Service), { parent, overrides });
    expect(app.get(Service).pool.name).toBe('fake');
    expect(parent.resolve(Pool).name).toBe('real');
  });

  it('is not changed: the application has a child of its own, in which its singletons are found', async () => {
    @Injectable()
    class Service {}
    @PipelineModule({ providers: [Service, { provide: 'secret', useValue: 1 }], exports: [Service] })
    class ServiceModule {}
    const providers = [{ provide: 'name', useValue: 'x' }];
    const app = await create({ module: Root, imports: [ServiceModule], providers }, { parent });
    @injectable()
    class Outside {
      constructor(
        readonly service: Service,
        @inject('name') readonly name: string,
      ) {}
    }
    const outside = app.container.resolve(Outside);
    expect(outside.service).toBe(app.get(Service));
    expect(outside.name).toBe('x');
    expect(app.container.isRegistered('secret', true)).toBe(false);
    for (const token of [Service, 'name', 'secret']) expect(parent.isRegistered(token, true)).toBe(false);
  });

  it('keeps its promises: a factory that gives one injects it as it is', async () => {
    parent.register('later', { useFactory: () => Promise.resolve(1) });
    const app = await create(rootWith({ provide: 'x', useFactory: (later: unknown) => [later], inject: ['later'] }), {
      parent,
    });
    expect((app.get('x') as unknown[])[0]).toBeInstanceOf(Promise);
  });

  it('disposes its own: closing the application does not touch its singletons', async () => {
    const disposed: string[] = [];
    class Pool {
      dispose() {
        disposed.push('tsyringe');
      }
      [Symbol.dispose]() {
        disposed.push('stageflow');
      }
    }
    parent.registerSingleton(Pool);
    @Injectable()
    class Service {
      constructor(readonly pool: Pool) {}
    }
    await (await create(rootWith(Service), { parent })).close();
    expect(disposed).toEqual([]);
  });

  it('that fails to resolve is named, with what it said', async () => {
    parent.register('broken', {
      useFactory: () => {
        throw new Error('no route');
      },
    });
    const failed = create(rootWith({ provide: 'x', useFactory: () => 1, inject: ['broken'] }), { parent });
    expect(await failureOf(failed)).toMatchObject({
      code: 'DI_CONSTRUCTION_FAILED',
      message: expect.stringContaining('broken could not be built: no route (Root → x → broken)'),
    });
  });
});

describe('the caller, in classes that tsyringe would build', () => {
  it('cannot be kept by a singleton, as it is in a child container of tsyringe', async () => {
    @singleton()
    class Repository {
      constructor(readonly auth: AuthContext) {}
    }
    // What tsyringe does: whoever comes first stays.
    const childOf = (userId: string) => {
      const auth = AuthContext.verified({ kind: PrincipalKind.User, userId });
      return tsyringeRoot.createChildContainer().registerInstance(AuthContext, auth);
    };
    expect(childOf('ann').resolve(Repository).auth.userId).toBe('ann');
    expect(childOf('bob').resolve(Repository).auth.userId).toBe('ann');

    @Stage()
    class Load {
      constructor(readonly repository: Repository) {}
      execute() {}
    }
    @PipelineModule({ stages: [Load] })
    class Pipeline {}
    expect(await problemsOf(Pipeline)).toMatchObject([
      {
        code: 'DI_CAPTIVE_SCOPE',
        message: 'tsyringe builds Repository for all runs, but it needs what belongs to one: Repository → AuthContext.',
      },
    ]);
    @PipelineModule({ stages: [Load], providers: [Repository] })
    class Listed {}
    expect(await problemsOf(Listed)).toMatchObject([
      { code: 'DI_CAPTIVE_SCOPE', message: expect.stringContaining('registered as a singleton in tsyringe') },
    ]);
  });

  it('is found however deep below a registration that tsyringe keeps', async () => {
    @injectable()
    class Session {
      constructor(readonly auth: AuthContext) {}
    }
    @injectable()
    class Repository {
      constructor(@inject('session') readonly session: Session) {}
    }
    @scoped(Lifecycle.ContainerScoped)
    class Cache {
      constructor(readonly repository: Repository) {}
    }
    parent.register('session', { useToken: Session });
    const problems = await problemsOf(rootWith({ provide: 'x', useFactory: () => 1, inject: [Cache] }), { parent });
    expect(problems).toMatchObject([
      { code: 'DI_CAPTIVE_SCOPE', details: { path: ['Cache', 'Repository', 'session', 'Session', 'AuthContext'] } },
    ]);
  });

  it('makes what tsyringe would build anew run-scoped', async () => {
    @injectable()
    class Session {
      constructor(readonly auth: AuthContext) {}
    }
    @injectable()
    class Repository {
      constructor(readonly session: Session) {}
    }
    parent.register('repository', Repository);
    @Stage()
    class Load {
      constructor(@Inject('repository') readonly repository: Repository) {}
      execute() {
        return { user: this.repository.session.auth.userId };
      }
    }
    @PipelineModule({ stages: [Load] })
    class Pipeline {}
    const app = await create(Pipeline, { parent });
    expect((await app.run(Pipeline, { auth: ann })).of(Load)).toEqual({ user: 'ann' });
    expect((await app.run(Pipeline)).of(Load)).toEqual({ user: null });
    expect(thrownBy(() => app.get('repository')).code).toBe('DI_OUTSIDE_RUN');
  });
});

describe('a circle that tsyringe would follow until the stack overflows', () => {
  it('is reported as a path before anything is built', async () => {
    @singleton()
    class A {
      constructor(@inject('b') readonly b: unknown) {}
    }
    @injectable()
    class B {
      constructor(readonly a: A) {}
    }
    parent.register('b', B);
    expect(await problemsOf(rootWith({ provide: 'x', useFactory: () => 1, inject: [A] }), { parent })).toMatchObject([
      { code: 'DI_CYCLE', details: { path: ['A', 'b', 'A'] } },
    ]);
  });
});
