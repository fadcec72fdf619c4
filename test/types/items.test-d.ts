// Promise: work on items says what it takes and gives, and its policy says what they come to.
import {
  atLeast,
  DependsOn,
  ForEach,
  type ItemContext,
  Pipeline,
  type RunResults,
  type Settled,
  type SomeItems,
  type StageContext,
  StageOutput,
} from '../../src/index.js';
import { Fetch, proves, Rank, type Same } from './stages.js';

interface Image {
  readonly id: string;
}
class List {
  execute(): { images: readonly Image[] } {
    return { images: [] };
  }
}
interface Small {
  readonly url: string;
}
const key = (image: Image): string => image.id;

@ForEach(List, (list) => list.images, { key: (image) => image.id, concurrency: 2, retry: { attempts: 2 } })
export class Resize {
  each(ctx: ItemContext, image: Image): Small | StageOutput<never> {
    return ctx.item.index > 3 ? StageOutput.skip('enough') : { url: image.id };
  }
  execute(_: StageContext, items: readonly Small[]) {
    return { urls: items.map(({ url }) => url) };
  }
}

@ForEach(List, (list) => list.images, { key, policy: 'settled' })
export class ResizeAny {
  async each(_: ItemContext, image: Image): Promise<Small> {
    return { url: image.id };
  }
  execute(_: StageContext, items: readonly Settled<Small>[]) {
    return { failed: items.filter(({ status }) => status === 'fail').length };
  }
}

@ForEach(List, (list) => list.images, { key, policy: atLeast(2) })
export class ResizeSome {
  each(_: ItemContext, image: Image): Small {
    return { url: image.id };
  }
  execute(_: StageContext, { completed }: SomeItems<Small>) {
    return { urls: completed.map(({ data }) => data.url) };
  }
}

// What is iterated may be asynchronous.
@ForEach(
  List,
  async function* (list) {
    yield* list.images;
  },
  { key },
)
export class ResizeStream {
  each(_: ItemContext, image: Image): Small {
    return { url: image.id };
  }
  execute(_: StageContext, items: readonly Small[]) {
    return { count: items.length };
  }
}

// @ts-expect-error: under settled the items are not just what they hand on
@ForEach(List, (list) => list.images, { key, policy: 'settled' })
export class ReadsAll {
  each(_: ItemContext, image: Image): Small {
    return { url: image.id };
  }
  execute(_: StageContext, items: readonly Small[]) {
    return { count: items.length };
  }
}

// @ts-expect-error: under all there is nothing to settle
@ForEach(List, (list) => list.images, { key })
export class ReadsSettled {
  each(_: ItemContext, image: Image): Small {
    return { url: image.id };
  }
  execute(_: StageContext, items: readonly Settled<Small>[]) {
    return { count: items.length };
  }
}

// @ts-expect-error: the source has other items
@ForEach(List, (list) => list.images, { key })
export class TakesNumbers {
  each(_: ItemContext, image: number): Small {
    return { url: String(image) };
  }
  execute(_: StageContext, items: readonly Small[]) {
    return { count: items.length };
  }
}

// @ts-expect-error: nothing says what is done with an item
@ForEach(List, (list) => list.images, { key })
export class DoesNothing {
  execute() {
    return {};
  }
}

// @ts-expect-error: what the source hands on has no such field
@ForEach(List, (list) => list.pictures, { key })
export class ReadsOther {
  each(): Small {
    return { url: '' };
  }
  execute() {
    return {};
  }
}

// @ts-expect-error: an item has no such field
@ForEach(List, (list) => list.images, { key: (image) => image.name })
export class NamesOther {
  each(): Small {
    return { url: '' };
  }
  execute() {
    return {};
  }
}

// What the work on an item reads is checked as what the stage reads.
@DependsOn(Fetch)
@ForEach(List, (list) => list.images, { key })
export class ReadsFetched {
  each({ inputs }: ItemContext<typeof Fetch>, image: Image): Small {
    return { url: inputs.of(Fetch).html + image.id };
  }
  execute(_: StageContext<typeof Fetch>, items: readonly Small[]) {
    return { count: items.length };
  }
}

@DependsOn(Fetch)
// @ts-expect-error: execute does not name what each reads
@ForEach(List, (list) => list.images, { key })
export class ReadsMore {
  each({ inputs }: ItemContext<typeof Fetch | typeof Rank>, image: Image): Small {
    inputs.of(Rank);
    return { url: image.id };
  }
  execute(_: StageContext<typeof Fetch>, items: readonly Small[]) {
    return { count: items.length };
  }
}

// A method need not take all that there is.
@ForEach(List, (list) => list.images, { key })
export class TakesLess {
  each(): Small {
    return { url: '' };
  }
  execute() {
    return {};
  }
}

class ResizeModule {}

@ForEach(List, (list) => list.images, { key, run: ResizeModule, input: (image) => ({ inputText: image.id }) })
export class ResizeRuns {
  each(_: ItemContext, image: Image, results: RunResults): Small {
    return { url: image.id + results.runId };
  }
  execute(_: StageContext, items: readonly Small[]) {
    return { count: items.length };
  }
}

@ForEach(List, (list) => list.images, { key, run: ResizeModule })
export class ResizeBare {
  execute(_: StageContext, items: readonly RunResults[]) {
    return { ids: items.map(({ runId }) => runId) };
  }
}

// @ts-expect-error: without each an item hands on the results of its run
@ForEach(List, (list) => list.images, { key, run: ResizeModule })
export class ResizeTyped {
  execute(_: StageContext, items: readonly Small[]) {
    return { count: items.length };
  }
}

// The builder.
const list = new Pipeline('images')
  .withStage('size', () => ({ pixels: 100 }))
  .withStage('list', (): { images: readonly Image[] } => ({ images: [] }));

const all = list.forEach('resize', 'list', (given) => given.images, {
  key: (image) => image.id,
  dependsOn: ['size'],
  each: (ctx, image) => ({ url: image.id, pixels: ctx.inputs.from('size').pixels, of: ctx.inputs.from('list').images }),
});
all.withStage(
  'report',
  (ctx) => {
    const { items } = ctx.inputs.from('resize');
    proves<Same<(typeof items)[number]['pixels'], number>>();
    // @ts-expect-error: they are what they handed on, and not how they ended
    items[0]?.status;
    return {};
  },
  { dependsOn: ['resize'] },
);

list
  .forEach('resize', 'list', (given) => given.images, { key, policy: 'settled', each: (_, { id }) => ({ url: id }) })
  .withStage(
    'report',
    (ctx) => {
      const { items } = ctx.inputs.from('resize');
      proves<Same<typeof items, readonly Settled<{ url: string }>[]>>();
      // @ts-expect-error: an item may have failed
      items[0]?.data;
      return {};
    },
    { dependsOn: ['resize'] },
  );

list
  .forEach('resize', 'list', (given) => given.images, {
    key,
    policy: atLeast(2),
    each: (_, { id }) => ({ url: id }),
    output: ({ completed }) => ({ urls: completed.map(({ data }) => data.url) }),
  })
  .withStage('report', (ctx) => ({ first: ctx.inputs.from('resize').urls[0]?.length }), { dependsOn: ['resize'] });

const small = new Pipeline('small').withStage('scale', () => ({ url: '' }));
list.forEach('resize', 'list', (given) => given.images, {
  key,
  run: small,
  input: (image) => ({ inputText: image.id }),
  each: (_, image, results) => ({ of: image.id, url: results.of('scale').url }),
});

// @ts-expect-error: there is no such stage
list.forEach('resize', 'lists', (given) => given.images, { key, each: () => ({}) });
// @ts-expect-error: there is a stage of this name
list.forEach('list', 'list', (given) => given.images, { key, each: () => ({}) });
// @ts-expect-error: an item has to be named
list.forEach('resize', 'list', (given) => given.images, { each: () => ({}) });
list.forEach('resize', 'list', (given) => given.images, {
  key,
  // @ts-expect-error: the stage does not depend on what is read
  each: (ctx) => ({ pixels: ctx.inputs.from('size').pixels }),
});
// @ts-expect-error: an item hands on an object
list.forEach('resize', 'list', (given) => given.images, { key, each: () => 1 });
// @ts-expect-error: there is no such policy
list.forEach('resize', 'list', (given) => given.images, { key, policy: 'any', each: () => ({}) });
