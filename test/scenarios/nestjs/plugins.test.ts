import { Injectable, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Interceptor, MemorySink, type Next, PipelineModule, Stage, type StageContext } from 'stageflow';
import { getPipelineToken, type NestPipeline, StageflowModule } from 'stageflow/nestjs';
import { expect, it } from 'vitest';

const order: string[] = [];

class Noting implements Interceptor {
  constructor(private readonly label: string) {}

  intercept(_ctx: StageContext, next: Next): ReturnType<Next> {
    order.push(this.label);
    return next();
  }
}

@Injectable()
class Names {
  readonly plugin = 'a class of the plugin';
}

@Injectable()
class BuiltByNest implements Interceptor {
  constructor(private readonly names: Names) {}

  intercept(_ctx: StageContext, next: Next): ReturnType<Next> {
    order.push(this.names.plugin);
    return next();
  }
}

@Stage()
class Work {
  execute(): { done: boolean } {
    return { done: true };
  }
}

@PipelineModule({ stages: [Work] })
class WorkPipeline {}

async function runIn(root: ReturnType<typeof StageflowModule.forRoot>): Promise<void> {
  @Module({ imports: [root, StageflowModule.forFeature([WorkPipeline])] })
  class AppModule {}
  order.length = 0;
  const app = await NestFactory.createApplicationContext(AppModule as Type, { logger: false });
  await app.get<NestPipeline>(getPipelineToken(WorkPipeline), { strict: false }).run();
  await app.close();
}

it('bring sinks and interceptors, which come before those of the application; classes are built by Nest', async () => {
  const [ofPlugin, own] = [new MemorySink(), new MemorySink()];
  const plugin = { sinks: [ofPlugin], interceptors: [BuiltByNest, new Noting('an object of the plugin')] };
  await runIn(
    StageflowModule.forRoot({
      plugins: [plugin],
      sinks: [own],
      interceptors: [new Noting('of the application')],
      providers: [Names],
    }),
  );
  expect(order).toEqual(['a class of the plugin', 'an object of the plugin', 'of the application']);
  expect(ofPlugin.events.map(({ type }) => type)).toEqual(own.events.map(({ type }) => type));
  expect(ofPlugin.events.at(-1)?.type).toBe('pipeline.completed');
});

it('come out of a factory, too', async () => {
  const sink = new MemorySink();
  await runIn(
    StageflowModule.forRootAsync({
      useFactory: () => ({ plugins: [{ sinks: [sink], interceptors: [new Noting('of the plugin')] }] }),
      interceptors: [new Noting('of the application')],
    }),
  );
  expect(order).toEqual(['of the application', 'of the plugin']);
  expect(sink.events.at(-1)?.type).toBe('pipeline.completed');
});
