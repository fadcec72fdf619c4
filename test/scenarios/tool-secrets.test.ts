import { IsNumber, IsString } from 'class-validator';
import {
  type EngineOptions,
  MemorySink,
  PipelineModule,
  Sensitive,
  Stage,
  type StageContext,
  Stageflow,
  Tool,
  type ToolContext,
} from 'stageflow';
import { expect, it } from 'vitest';

class Login {
  @IsString() user!: string;
  @Sensitive() @IsString() phrase!: string;
  @Sensitive() @IsNumber() pin!: number;
}

const given = { user: 'ann', phrase: 'correct horse battery', pin: 4711 };

@Tool({ name: 'login', description: 'Logs in.', input: Login, effect: 'idempotent' })
class LogIn {
  execute({ phrase }: Login, ctx: ToolContext) {
    ctx.progress(0.1, `with ${phrase}`);
    ctx.logger.info(`trying ${phrase}`);
    throw new Error(`The server refused "${phrase}".`);
  }
}

@Stage()
class Enter {
  async execute(ctx: StageContext) {
    return { status: (await ctx.tools.invoke({ id: 'c', name: 'login', arguments: given })).status };
  }
}

@PipelineModule({ stages: [Enter], tools: [LogIn] })
class Entrance {}

async function written(options: EngineOptions = {}) {
  const sink = new MemorySink();
  const lines: unknown[] = [];
  const write = (...line: unknown[]) => lines.push(line);
  const logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  await using app = await Stageflow.create(Entrance, { sinks: [sink], logger, ...options });
  await app.run(Entrance);
  return { sink, text: JSON.stringify([sink.events, lines]) };
}

it('what is secret in the arguments of a tool is in no event and no line, though its errors and notes hold it', async () => {
  const { sink, text } = await written();
  expect(sink.ofType('tool.failed')).toHaveLength(1);
  expect(text).toContain('The server refused');
  expect(text).not.toContain(given.phrase);
  expect(sink.ofType('tool.invoked')[0]).not.toHaveProperty('arguments');
});

it('arguments are told where the application asks for it, without what is secret in them', async () => {
  const { sink, text } = await written({ toolArguments: true });
  expect(sink.ofType('tool.invoked')).toMatchObject([{ callId: 'c', tool: 'login', arguments: { user: 'ann' } }]);
  expect(text).not.toContain(given.phrase);
  expect(text).not.toContain(String(given.pin));
});
