import { IsString, validateSync } from 'class-validator';
import {
  ContextSnapshot,
  DefinitionError,
  DependsOn,
  extensionToken,
  Inject,
  Injectable,
  Optional,
  PipelineModule,
  Scope,
  Stage,
  type StageContext,
  Stageflow,
} from 'stageflow';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const LOCALE = extensionToken<{ language: string }>('locale', { validate: z.object({ language: z.string().min(2) }) });

class Shop {
  @IsString() readonly id: string;

  constructor(id: string) {
    this.id = id;
  }

  get label(): string {
    return `shop ${this.id}`;
  }
}
const SHOP = extensionToken<Shop, { id: string }>('shop', {
  encode: ({ id }) => ({ id }),
  decode: ({ id }) => new Shop(id),
  validate: (data) => {
    const { id } = data as { id: string };
    if (validateSync(new Shop(id)).length > 0) throw new Error('the id of a shop is text');
    return { id };
  },
});

@Injectable()
class Greetings {
  constructor(
    @Inject(LOCALE) private readonly locale: { language: string },
    @Optional() @Inject(SHOP) private readonly shop: Shop | undefined,
  ) {}

  greet(): string {
    return `${this.locale.language === 'de' ? 'Hallo' : 'Hello'} from ${this.shop?.label ?? 'nowhere'}`;
  }
}

@Stage()
class Greet {
  constructor(private readonly greetings: Greetings) {}

  execute(ctx: StageContext) {
    return { text: this.greetings.greet(), language: ctx.snapshot.extensions.require(LOCALE).language };
  }
}

@PipelineModule({ stages: [Greet], providers: [Greetings] })
class Greeting {}

describe('an extension', () => {
  it('is injected by its token into what belongs to the run, typed, per run', async () => {
    await using app = await Stageflow.create(Greeting);
    const [german, english] = await Promise.all([
      app.run(Greeting, { extensions: [LOCALE.of({ language: 'de' }), SHOP.of(new Shop('a1'))] }),
      app.run(Greeting, { extensions: [LOCALE.of({ language: 'en' })] }),
    ]);
    expect(german.of(Greet)).toEqual({ text: 'Hallo from shop a1', language: 'de' });
    expect(english.of(Greet)).toEqual({ text: 'Hello from nowhere', language: 'en' });
  });

  it('that is missing fails the run before its first stage: EXTENSION_MISSING', async () => {
    await using app = await Stageflow.create(Greeting);
    const error = await app.run(Greeting).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'EXTENSION_MISSING' });
  });

  it('is validated when it enters: SNAPSHOT_INVALID with the path', async () => {
    await using app = await Stageflow.create(Greeting);
    const error = await app
      .run(Greeting, { extensions: [LOCALE.of({ language: '' })] })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'SNAPSHOT_INVALID' });
    expect(String(error)).toContain('locale');
    expect(String(error)).toContain('language');
  });

  it('cannot be captured by what all runs share, nor provided by a module', async () => {
    @Injectable({ scope: Scope.Singleton })
    class Captive {
      constructor(@Inject(LOCALE) readonly locale: { language: string }) {}
    }
    @Stage()
    class Uses {
      constructor(readonly captive: Captive) {}

      execute() {}
    }
    @PipelineModule({ stages: [Uses], providers: [Captive, { provide: SHOP, useValue: new Shop('x') }] })
    class Wrong {}
    const error = await Stageflow.create(Wrong).catch((thrown: unknown) => thrown);
    expect((error as DefinitionError).problems.map(({ code }) => code).sort()).toEqual([
      'DI_CAPTIVE_SCOPE',
      'DI_INVALID_PROVIDER',
    ]);
  });

  it('survives storage with its class, for stages and services alike (063)', async () => {
    const made = new ContextSnapshot({ extensions: [SHOP.of(new Shop('a1'))] });
    const stored = JSON.parse(JSON.stringify(made));
    const read = ContextSnapshot.fromJSON(stored, { extensions: [SHOP] });
    expect(read.extensions.require(SHOP)).toBeInstanceOf(Shop);
    await using app = await Stageflow.create(Greeting);
    const { extensions } = read.with({
      extensions: [SHOP.of(read.extensions.require(SHOP)), LOCALE.of({ language: 'en' })],
    });
    expect((await app.run(Greeting, { extensions })).of(Greet).text).toBe('Hello from shop a1');
  });
});

it('a stage that depends on one with extensions reads its own', async () => {
  @Stage()
  @DependsOn(Greet)
  class After {
    execute(ctx: StageContext<typeof Greet>) {
      return { same: ctx.inputs.of(Greet).language === ctx.snapshot.extensions.get(LOCALE)?.language };
    }
  }
  @PipelineModule({ stages: [Greet, After], providers: [Greetings] })
  class Both {}
  await using app = await Stageflow.create(Both);
  const results = await app.run(Both, { extensions: [LOCALE.of({ language: 'de' })] });
  expect(results.of(After)).toEqual({ same: true });
});
