import {
  DependsOn,
  type OptionalDependency,
  optional,
  PipelineModule,
  Stage,
  type StageContext,
  Stageflow,
} from 'stageflow';
import { expect, it } from 'vitest';

@Stage()
class Profile {
  execute(): { name: string } {
    throw new Error('The profile service is down.');
  }
}

@Stage()
@DependsOn(optional(Profile))
class Page {
  execute(ctx: StageContext<OptionalDependency<typeof Profile>>) {
    return { title: `Hello, ${ctx.inputs.of(Profile)?.name ?? 'guest'}`, because: ctx.inputs.status(Profile).reason };
  }
}

@PipelineModule({ stages: [Profile, Page] })
class Site {}

it('a page does without a profile that cannot be had; the failure stays visible', async () => {
  await using app = await Stageflow.create(Site);
  const results = await app.run(Site);
  expect(results.of(Page)).toEqual({ title: 'Hello, guest', because: 'The profile service is down.' });
  expect(results.failures.map(({ stage }) => stage)).toEqual(['Profile']);
});
