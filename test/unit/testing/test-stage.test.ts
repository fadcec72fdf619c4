import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  DependsOn,
  Inject,
  Injectable,
  Intercept,
  RequireRoles,
  Stage,
  Tool,
  When,
} from '../../../decorators/index.js';
import { Access, AuthContext } from '../../../src/auth/index.js';
import { RetryInterceptor } from '../../../src/interceptors/index.js';
import { token } from '../../../src/metadata/index.js';
import {
  type OptionalDependency,
  optional,
  RunContext,
  type StageContext,
  StageOutput,
} from '../../../src/stage/index.js';
import { ManualClock, Test, ToolScript } from '../../../src/testing/index.js';
import { defineTool } from '../../../src/tools/index.js';
import { rejection } from '../run/hand-bound.js';

@Stage()
class Fetch {
  execute() {
    return { html: '<b>' };
  }
}
@Stage()
class Profile {
  execute() {
    return { name: 'Ada' };
  }
}
class Titles {
  of(html: string): string {
    return html.toUpperCase();
  }
}

@Stage({ timeoutMs: 100 })
@DependsOn(Fetch, optional(Profile))
class Parse {
  constructor(
    private readonly titles: Titles,
    private readonly run: RunContext,
  ) {}

  execute(ctx: StageContext<typeof Fetch | OptionalDependency<typeof Profile>>) {
    const { html } = ctx.inputs.of(Fetch);
    if (html === '') return StageOutput.skip('empty page');
    const reader = ctx.inputs.of(Profile)?.name ?? 'nobody';
    return StageOutput.ok({ title: this.titles.of(html), reader, sameRun: this.run.runId === ctx.runId });
  }
}

describe('Test.createStage', () => {
  const test = Test.createStage(Parse).provide(Titles, new Titles());

  it('runs one stage with what its dependencies hand on and what its constructor gets', async () => {
    const result = await test.given(Fetch, { html: 'x' }).given(Profile, { name: 'Ann' }).run();
    expect(result).toMatchObject({ stage: 'Parse', status: 'ok', data: { title: 'X', reader: 'Ann', sameRun: true } });
    expect(result.outcome.status).toBe('completed');
    expect(result.events.map(({ type }) => type)).toContain('stage.completed');
  });

  it('does without what is optional, and shows a skip with its reason', async () => {
    expect((await test.given(Fetch, { html: 'x' }).run()).data).toMatchObject({ reader: 'nobody' });
    expect(await test.given(Fetch, { html: '' }).run()).toMatchObject({ status: 'skip', reason: 'empty page' });
  });

  it('is immutable: every method gives a test of its own', async () => {
    const given = test.given(Fetch, { html: 'one' });
    given.given(Fetch, { html: 'two' });
    expect((await given.run()).data).toMatchObject({ title: 'ONE' });
    expect(await rejection(test.run())).toMatchObject({ code: 'RUN_INPUT_INVALID' });
  });

  it('refuses to run without the output of a required dependency: RUN_INPUT_INVALID', async () => {
    const error = await rejection(test.run());
    expect(error).toMatchObject({ code: 'RUN_INPUT_INVALID', details: { stage: 'Parse', dependency: 'Fetch' } });
    expect(error.fix).toContain('.given(Fetch');
  });

  it('is as strict as production about undeclared reads: INPUT_UNDECLARED (157)', async () => {
    @Stage()
    class Sneaky {
      execute(ctx: StageContext) {
        return { html: ctx.inputs.of(Fetch).html };
      }
    }
    const result = await Test.createStage(Sneaky).run();
    expect(result).toMatchObject({ status: 'fail', failure: { code: 'INPUT_UNDECLARED' } });
  });

  it('refuses to be given the output of a stage that it does not depend on, as an override that nothing uses (157)', async () => {
    const error = await rejection(Test.createStage(Profile).given(Fetch, { html: 'x' }).run());
    expect(error).toMatchObject({ code: expect.stringMatching(/RUN_INPUT_INVALID|DI_UNUSED_OVERRIDE/) });
  });

  it('keeps the ids of its run as given, null included (157)', async () => {
    let seen: unknown;
    @Stage()
    class Ids {
      execute(ctx: StageContext) {
        seen = ctx.snapshot.identity;
      }
    }
    await Test.createStage(Ids).run({ identity: { userId: null, requestId: 'r' } });
    expect(seen).toMatchObject({ userId: null, requestId: 'r' });
  });

  it('makes the outputs it was given fail or skip like any other', async () => {
    const failed = await test.given(Fetch, StageOutput.fail('down')).run();
    expect(failed).toMatchObject({ status: 'not-started' });
    expect(failed.outcome.status).toBe('failed');
    const skipped = await test.given(Fetch, StageOutput.skip('none')).run();
    expect(skipped).toMatchObject({ status: 'fail', failure: { code: 'INPUT_NO_OUTPUT' } });
  });

  it('hears conditions, interceptors and limits of the class', async () => {
    @Stage()
    @When(Fetch, ({ html }) => html !== '')
    @Intercept(RetryInterceptor.with({ attempts: 2, delayMs: 10 }))
    class Picky {
      execute(ctx: StageContext) {
        if (ctx.attempt === 1) throw new Error('busy');
        return { attempt: ctx.attempt };
      }
    }
    const clock = new ManualClock();
    const picky = Test.createStage(Picky).withEngine({ clock });
    expect(await picky.given(Fetch, { html: '' }).run()).toMatchObject({ status: 'skip', skipCause: 'not-selected' });
    const running = picky.given(Fetch, { html: 'x' }).run();
    await clock.advance(10);
    expect(await running).toMatchObject({ status: 'ok', attempts: 2, data: { attempt: 2 } });
    expect(clock.pendingTimers).toBe(0);
  });

  it('says what its constructor asks for and nobody provides: DI_MISSING_PROVIDER', async () => {
    const result = await Test.createStage(Parse).given(Fetch, { html: 'x' }).run();
    if (result.outcome.status !== 'failed') throw new Error(result.outcome.status);
    expect(result.outcome.error).toMatchObject({ code: 'DI_MISSING_PROVIDER', details: { class: 'Parse' } });
    expect(result.outcome.error.message).toContain('Titles');
  });

  it('refuses a class without @Stage: METADATA_NOT_A_STAGE', async () => {
    expect(await rejection(Test.createStage(Titles as never).run())).toMatchObject({ code: 'METADATA_NOT_A_STAGE' });
  });

  it('runs as the caller it is given', async () => {
    let seen: unknown;
    @Stage()
    class WhoAmI {
      execute(ctx: StageContext) {
        seen = ctx.auth;
      }
    }
    await Test.createStage(WhoAmI).run();
    expect(seen).toBe(AuthContext.anonymous);
  });
});

describe('a tool of a stage that is tested alone', () => {
  const files = new Map<string, string>();
  class Files {
    set(path: string, text: string): void {
      files.set(path, text);
    }
  }
  @RequireRoles('editor')
  @Tool({
    name: 'edit',
    description: 'Edits.',
    input: z.object({ path: z.string() }),
    output: z.object({ lines: z.number() }),
    effect: 'idempotent',
    behaviors: ['production'],
  })
  class Edit {
    constructor(private readonly store: Files) {}
    execute({ path }: { path: string }) {
      this.store.set(path, 'done');
      return { lines: 1 };
    }
  }
  @Stage({ kind: 'work' })
  class Polish {
    execute(ctx: StageContext) {
      return ctx.tools.call(Edit, { path: 'readme' });
    }
  }
  const editor = AuthContext.verified({ userId: 'ann', roles: ['editor'] });
  const polish = Test.createStage(Polish).withAuth(editor).withEngine({ toolMode: 'production' });

  it('is a stand-in, or the tool itself with what its constructor gets', async () => {
    const script = new ToolScript([{ expect: { path: 'readme' }, output: { lines: 9 } }]);
    expect((await polish.withTool(Edit, script).run()).data).toEqual({ lines: 9 });
    script.assertComplete();
    expect((await polish.withTool(Edit).provide(Files, new Files()).run()).data).toEqual({ lines: 1 });
    expect(files.get('readme')).toBe('done');
  });

  it('keeps its contracts, access rules and modes, and a stage has no other tool', async () => {
    const codeOf = async (test: typeof polish) => (await test.run()).failure?.code;
    const wrong = new ToolScript([{ output: { lines: 'many' } }]);
    expect(await codeOf(polish.withTool(Edit, wrong as never))).toBe('TOOL_OUTPUT_INVALID');
    const stranger = AuthContext.verified({ userId: 'bob' });
    const never = new ToolScript<{ path: string }, { lines: number }>([]);
    expect(await codeOf(polish.withTool(Edit, never).withAuth(stranger))).toBe('TOOL_DENIED');
    expect(await codeOf(polish.withTool(Edit, never).withEngine({ toolMode: 'draft' }))).toBe('TOOL_DENIED');
    never.assertComplete();
    expect(await codeOf(polish)).toBe('TOOL_UNKNOWN');
  });

  it('asks policies that are classes, built with what the test provides', async () => {
    const doors = token<{ open: boolean }>('doors');
    @Injectable()
    class OpenHours {
      constructor(@Inject(doors) private readonly at: { open: boolean }) {}
      decide() {
        return this.at.open;
      }
    }
    const shut = defineTool({
      ...{ name: 'shut', description: 'Shuts.', input: z.object({}), effect: 'read' },
      access: [Access.policy(OpenHours)],
      execute: () => ({ shut: true }),
    });
    @Stage()
    class Close {
      execute(ctx: StageContext) {
        return ctx.tools.call(shut, {});
      }
    }
    const close = Test.createStage(Close).withAuth(editor).withTool(shut);
    expect((await close.provide(doors, { open: false }).run()).failure?.code).toBe('TOOL_DENIED');
    expect((await close.provide(doors, { open: true }).run()).data).toEqual({ shut: true });
  });
});

it('access rules of a stage hold for one that is tested alone', async () => {
  @RequireRoles('admin')
  @Stage()
  class Guarded {
    execute() {
      return {};
    }
  }
  expect(await Test.createStage(Guarded).run()).toMatchObject({ status: 'fail', failure: { code: 'AUTH_FORBIDDEN' } });
});
