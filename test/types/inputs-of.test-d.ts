// Promise: a stage can read only what its context names.
import type { OptionalDependency, StageContext } from '../../src/stage/index.js';
import { Fetch, FetchMore, Profile, proves, Rank, type Same } from './stages.js';

export function readsOneStage(ctx: StageContext<typeof Fetch>) {
  ctx.inputs.of(Fetch).html.toUpperCase();
  // @ts-expect-error Rank is not named by the context
  ctx.inputs.of(Rank);
  // @ts-expect-error FetchMore hands on what Fetch does and more, and still is another stage
  ctx.inputs.of(FetchMore);
  // @ts-expect-error Fetch has no such key
  ctx.inputs.of(Fetch).title;
  // @ts-expect-error the output is data, not the promise of it
  ctx.inputs.of(Fetch).then;
}

export function readsSeveralStages(ctx: StageContext<typeof Fetch | typeof Rank>) {
  ctx.inputs.of(Fetch).html.toUpperCase();
  ctx.inputs.of(Rank).score.toFixed();
  // @ts-expect-error neither Fetch nor Rank
  ctx.inputs.of(Profile);
  // @ts-expect-error Rank does not hand on what Fetch does
  ctx.inputs.of(Rank).html;
}

export function readsEither(ctx: StageContext<typeof Fetch | typeof Rank>, either: typeof Fetch | typeof Rank) {
  proves<Same<ReturnType<typeof ctx.inputs.of<typeof either>>, { html: string } | { score: number }>>();
}

export function readsNothing(ctx: StageContext<never>) {
  ctx.snapshot.inputText?.toUpperCase();
  // @ts-expect-error a context that names no stage reads no stage
  ctx.inputs.of(Fetch);
}

export function readsUnchecked(ctx: StageContext) {
  ctx.inputs.of(Fetch).html.toUpperCase();
  ctx.inputs.of(Rank).score.toFixed();
  ctx.inputs.from('anything', 'at all');
  // @ts-expect-error unchecked is which stage is read, not what it hands on
  ctx.inputs.of(Rank).html;
  class Service {}
  // @ts-expect-error Service is not a stage
  ctx.inputs.of(Service);
  // @ts-expect-error classes are read, not instances
  ctx.inputs.of(new Fetch());
}

export function readsOptional(ctx: StageContext<typeof Fetch | OptionalDependency<typeof Profile>>) {
  ctx.inputs.of(Profile)?.name.toUpperCase();
  // @ts-expect-error an optional dependency may have no output
  ctx.inputs.of(Profile).name;
  ctx.inputs.of(Fetch).html.toUpperCase();
  // @ts-expect-error Rank is named neither as required nor as optional
  ctx.inputs.of(Rank);
}

export function readsOptionalThatLooksLikeARequired(
  ctx: StageContext<typeof Fetch | OptionalDependency<typeof FetchMore>>,
) {
  ctx.inputs.of(FetchMore)?.bytes.toFixed();
  // @ts-expect-error FetchMore is optional, though it could pass for the required Fetch
  ctx.inputs.of(FetchMore).bytes;
}

export function asksForStatus(ctx: StageContext<typeof Fetch | OptionalDependency<typeof Profile>>) {
  ctx.inputs.status(Fetch).reason?.toUpperCase();
  ctx.inputs.status(Profile).status satisfies 'ok' | 'skip' | 'fail' | 'cancel';
  ctx.inputs.status('fetch');
  // @ts-expect-error not named by the context
  ctx.inputs.status(Rank);
  // @ts-expect-error looks like Fetch, is another stage
  ctx.inputs.status(FetchMore);
}

export function readsByNameBesideClasses(ctx: StageContext<typeof Fetch>) {
  ctx.inputs.from('fetch').html;
  ctx.inputs.from('fetch', 'html');
  ctx.inputs.require('fetch', 'html');
  // @ts-expect-error a name is a string
  ctx.inputs.from(1);
  // @ts-expect-error so is a key
  ctx.inputs.from('fetch', 1);
}

export function handsTheContextOn(ctx: StageContext<typeof Fetch>) {
  const read = (own: StageContext<typeof Fetch>) => own.inputs.of(Fetch);
  read(ctx);
  const readMore = (more: StageContext<typeof Fetch | typeof Rank>) => more.inputs.of(Rank);
  // @ts-expect-error a context that names less cannot stand for one that names more
  readMore(ctx);
  const readLess = (less: StageContext<never>) => less;
  // @ts-expect-error nor one that names more for one that names less: contexts are exact
  readLess(ctx);
}

export function seesTheInput(ctx: StageContext<never, { url: string }>) {
  ctx.snapshot.input.url.toUpperCase();
  // @ts-expect-error the run's input has no such field
  ctx.snapshot.input.uri;
}

export function leavesTheContextAlone(ctx: StageContext<typeof Fetch>) {
  // @ts-expect-error read-only
  ctx.attempt = 2;
  // @ts-expect-error read-only
  ctx.snapshot.inputText = 'other';
}
