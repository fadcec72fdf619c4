import { IsString } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  Injectable,
  PipelineModule,
  RequireRoles,
  Stage,
  type StageContext,
  Stageflow,
  Tool,
} from '../../src/index.js';

class Note {
  @IsString() text!: string;
}

@Injectable()
class Notes {
  readonly kept: string[] = [];
}

@Tool({
  name: 'keep',
  description: 'Keeps a note.',
  input: Note,
  output: z.object({ count: z.number() }),
  effect: 'idempotent',
})
class Keep {
  constructor(private readonly notes: Notes) {}
  execute(input: Note) {
    return { count: this.notes.kept.push(input.text) };
  }
}

@RequireRoles('admin')
@Tool({ name: 'wipe', description: 'Forgets all.', input: z.object({}), effect: 'idempotent' })
class Wipe {
  execute() {
    return 'wiped';
  }
}

@Stage()
class Write {
  async execute(ctx: StageContext) {
    const { count } = await ctx.tools.call(Keep, { text: 'milk' });
    const wiped = await ctx.tools.invoke({ id: 'w', name: 'wipe', arguments: {} });
    return { count, wiped: wiped.status, names: ctx.tools.list().map(({ name }) => name) };
  }
}

@PipelineModule({ tools: [Keep, Wipe], providers: [Notes] })
class Library {}

@PipelineModule({ stages: [Write], imports: [Library] })
class Writing {}

describe('tools of a module', () => {
  it('are built with their services and called by the stages of pipelines that import it, by whom their rules let', async () => {
    await using app = await Stageflow.create(Writing);
    const results = await app.run(Writing);
    expect(results.of(Write)).toEqual({ count: 1, wiped: 'denied', names: ['keep', 'wipe'] });
  });
});
