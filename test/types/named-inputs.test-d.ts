// Promise: names and keys of builder stages are checked.
import type { NamedOutputs, StageContext } from '../../src/stage/index.js';
import { Fetch, proves, type Same } from './stages.js';

interface Outputs {
  readonly fetch: { readonly html: string; readonly etag?: string };
  readonly rank: { readonly score: number };
  readonly profile: { readonly name: string } | undefined;
}
type Context = StageContext<NamedOutputs<Outputs>>;

export function readsAWholeOutput(ctx: Context) {
  ctx.inputs.from('fetch').html.toUpperCase();
  // @ts-expect-error no stage has this name
  ctx.inputs.from('fetsch');
  // @ts-expect-error "fetch" has no such key
  ctx.inputs.from('fetch').score;
  ctx.inputs.from('profile')?.name;
  // @ts-expect-error an optional dependency may have no output
  ctx.inputs.from('profile').name;
}

export function readsOneKey(ctx: Context) {
  ctx.inputs.from('fetch', 'html').toUpperCase();
  // @ts-expect-error "fetch" has no such key
  ctx.inputs.from('fetch', 'score');
  // @ts-expect-error no stage has this name
  ctx.inputs.from('fetsch', 'html');
  ctx.inputs.from('profile', 'name')?.toUpperCase();
  // @ts-expect-error without an output there is no key either
  ctx.inputs.from('profile', 'name').toUpperCase();
  // @ts-expect-error the key itself may be missing
  ctx.inputs.from('fetch', 'etag').toUpperCase();
}

export function requiresOneKey(ctx: Context) {
  ctx.inputs.require('fetch', 'html').toUpperCase();
  ctx.inputs.require('fetch', 'etag').toUpperCase();
  ctx.inputs.require('profile', 'name').toUpperCase();
  // @ts-expect-error "rank" has no such key
  ctx.inputs.require('rank', 'html');
  // @ts-expect-error no stage has this name
  ctx.inputs.require('ranc', 'score');
  // @ts-expect-error a key is needed
  ctx.inputs.require('rank');
}

export function asksForStatus(ctx: Context) {
  ctx.inputs.status('profile').status;
  // @ts-expect-error no stage has this name
  ctx.inputs.status('profil');
}

export function readsByClass(ctx: Context, mixed: StageContext<NamedOutputs<Outputs> | typeof Fetch>) {
  // @ts-expect-error this context names stages, not classes
  ctx.inputs.of(Fetch);
  mixed.inputs.of(Fetch).html.toUpperCase();
  mixed.inputs.from('rank').score.toFixed();
  // @ts-expect-error names stay checked beside classes
  mixed.inputs.from('ranc');
}

export function readsWithoutAnyNames(ctx: StageContext<NamedOutputs<{}>>) {
  // @ts-expect-error nothing to read
  ctx.inputs.from('fetch');
}

export function keepsExactTypes(ctx: Context) {
  proves<Same<ReturnType<typeof ctx.inputs.get>, unknown>>();
  const score = ctx.inputs.from('rank', 'score');
  proves<Same<typeof score, number>>();
}
