import { IsArray, IsInt, IsString } from 'class-validator';
import {
  DependsOn,
  expecting,
  type OptionalDependency,
  optional,
  Pipeline,
  Stage,
  type StageContext,
  StageOutput,
} from 'stageflow';
import { z } from 'zod';

class PageDto {
  @IsString() title!: string;
  @IsArray() @IsString({ each: true }) tags!: string[];
}
class RequestDto {
  @IsString() url!: string;
}
const page = z.object({ title: z.string(), words: z.number().default(0) });
const dated = z.object({ at: z.string().transform((text) => new Date(text)) });

@Stage({ output: PageDto })
export class Fetch {
  async execute() {
    return { title: 'Tea', tags: ['a'] };
  }
}
// @ts-expect-error execute() returns what its output contract does not accept: tags are missing
@Stage({ output: PageDto })
export class FetchLess {
  async execute() {
    return { title: 'Tea' };
  }
}
// @ts-expect-error a title that is no text
@Stage({ output: PageDto })
export class FetchOther {
  execute() {
    return { title: 1, tags: [] };
  }
}

@Stage({ output: PageDto })
export class FetchInstance {
  execute() {
    return Object.assign(new PageDto(), { title: 'Tea', tags: [] });
  }
}
@Stage({ output: PageDto })
export class FetchOrSkip {
  execute(ctx: StageContext) {
    if (ctx.snapshot.inputText === null) return StageOutput.skip('nothing to fetch');
    return StageOutput.ok({ title: 'Tea', tags: ['a'] });
  }
}
// @ts-expect-error nothing is no page
@Stage({ output: PageDto })
export class FetchNothing {
  execute() {}
}

@Stage({ output: page })
export class WithDefault {
  execute(): { title: string; words?: number } {
    return { title: 'Tea' };
  }
}
// @ts-expect-error dependents would be told a text and read a date
@Stage({ output: dated })
export class Transformed {
  execute() {
    return { at: '2026-01-01' };
  }
}

@Stage({ input: RequestDto })
export class ReadsInput {
  execute(ctx: StageContext<never, RequestDto>) {
    return { url: ctx.snapshot.input.url };
  }
}
@Stage({ input: RequestDto })
export class ReadsUntypedInput {
  execute(ctx: StageContext) {
    return { text: ctx.snapshot.inputText };
  }
}
// @ts-expect-error the contract does not say that there is a depth
@Stage({ input: RequestDto })
export class ReadsMoreInput {
  execute(ctx: StageContext<never, { url: string; depth: number }>) {
    return { depth: ctx.snapshot.input.depth };
  }
}

class TitleDto {
  @IsString() title!: string;
}
class SizeDto {
  @IsInt() size!: number;
}

@Stage()
@DependsOn(expecting(Fetch, TitleDto))
export class Expects {
  execute(ctx: StageContext<typeof Fetch>) {
    return { title: ctx.inputs.of(Fetch).title };
  }
}
@Stage()
@DependsOn(expecting(optional(Fetch), TitleDto))
export class ExpectsOptional {
  execute(ctx: StageContext<OptionalDependency<typeof Fetch>>) {
    return { title: ctx.inputs.of(Fetch)?.title };
  }
}
@Stage()
// @ts-expect-error Fetch hands on no size
@DependsOn(expecting(Fetch, SizeDto))
export class ExpectsMore {
  execute(ctx: StageContext<typeof Fetch>) {
    return { title: ctx.inputs.of(Fetch).title };
  }
}
@Stage()
// @ts-expect-error expecting something of Fetch does not declare Expects
@DependsOn(expecting(Fetch, TitleDto))
export class ExpectsOneReadsTwo {
  execute(ctx: StageContext<typeof Fetch | typeof Expects>) {
    return { title: ctx.inputs.of(Expects).title };
  }
}

export const built = new Pipeline('built')
  .withStage('dated', () => ({ at: '2026-01-01' }), { output: dated })
  // Dependents of a builder stage are typed by its contract.
  .withStage('year', (ctx) => ({ year: ctx.inputs.from('dated').at.getFullYear() }), { dependsOn: ['dated'] })
  .withStage('page', () => ({ title: 'Tea' }), { output: page })
  .withStage('count', (ctx) => ({ count: ctx.inputs.from('page').words + 1 }), {
    dependsOn: ['page'],
    expects: { page },
  });

export const refused = new Pipeline('refused')
  // @ts-expect-error execute() returns what its output contract does not accept
  .withStage('page', () => ({ name: 'Tea' }), { output: page });

export const stray = built
  // @ts-expect-error nothing is expected of a stage that is no dependency
  .withStage('stray', () => ({}), { dependsOn: ['page'], expects: { dated } });
