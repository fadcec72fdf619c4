import { z } from 'zod';
import { Pipeline, type StageContext, StageOutput } from '../../src/core.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Equal<A, B>): void => {};

const crawl = new Pipeline('crawl')
  .withStage('fetch', () => ({ html: '<b>' }))
  .withStage('parse', ({ inputs }) => ({ title: inputs.from('fetch').html }), { dependsOn: ['fetch'] })
  .withStage('note', () => {});

// prefix: the names are known, and the old ones are not
const eu = crawl.prefix('eu');
const joined = eu.compose(crawl.prefix('us'));
joined.withStage('join', ({ inputs }) => ({ t: inputs.from('eu.parse').title }), {
  dependsOn: ['eu.parse', 'us.parse'],
});
// @ts-expect-error the name is not there without its prefix
joined.withStage('join', () => ({}), { dependsOn: ['parse'] });
// @ts-expect-error nor under another prefix
joined.withStage('join', () => ({}), { dependsOn: ['uk.parse'] });
// @ts-expect-error a name of a component is taken
joined.withStage('eu.parse', () => ({}));
export const prefixed = async () => same<{ html: string }, Awaited<ReturnType<typeof fetchOf>>>(true);
const fetchOf = async () => (await joined.run()).of('eu.fetch');
// @ts-expect-error results have the new names only
export const unprefixed = async () => (await joined.run()).of('fetch');

// replace: what dependents read must still be there
crawl.replace('parse', () => ({ title: 'x' }));
crawl.replace('parse', async () => StageOutput.ok({ title: 'x', more: 1 }));
crawl.replace('note', () => {});
crawl.replace('parse', { execute: () => ({ title: 'x' }) });
crawl.replace('parse', () => ({ title: 'x' }), { output: z.object({ title: z.string() }) });
// @ts-expect-error a title is a text
crawl.replace('parse', () => ({ title: 1 }));
// @ts-expect-error there is none
crawl.replace('parse', async () => ({ heading: 'x' }));
// @ts-expect-error nothing is handed on
crawl.replace('parse', () => {});
// @ts-expect-error an object is checked as a function is
crawl.replace('parse', { execute: () => ({ title: 1 }) });
// @ts-expect-error no such stage
crawl.replace('pars', () => ({ title: 'x' }));
// @ts-expect-error the contract promises less than dependents read
crawl.replace('parse', () => ({ title: 'x' }), { output: z.object({ title: z.string().optional() }) });

class Titles {
  execute(_ctx: StageContext) {
    return { title: 'x' };
  }
}
class Headings {
  execute(_ctx: StageContext) {
    return { heading: 'x' };
  }
}
crawl.replace('parse', Titles);
// @ts-expect-error the class hands on something else
crawl.replace('parse', Headings);

// replace: it reads what it says it depends on
crawl.replace('parse', (ctx) => ({ title: ctx.inputs.from('fetch').html }), { dependsOn: ['fetch'] });
// @ts-expect-error it does not say so
crawl.replace('parse', (ctx) => ({ title: ctx.inputs.from('fetch').html }));
// @ts-expect-error not a stage of the pipeline
crawl.replace('parse', () => ({ title: 'x' }), { dependsOn: ['fech'] });

// replace: more may be handed on, and is known from then on
crawl
  .replace('parse', () => ({ title: 'x', words: 2 }))
  .withStage('count', ({ inputs }) => ({ n: inputs.from('parse').words + 1 }), { dependsOn: ['parse'] });

// extend: a component asks for what it builds on
const counted = (base: Pipeline<{ readonly parse: { title: string } }>) =>
  base.withStage('count', ({ inputs }) => ({ n: inputs.from('parse').title.length }), { dependsOn: ['parse'] });
const withCount = crawl.extend(counted);
withCount.withStage('last', ({ inputs }) => ({ n: inputs.from('count').n, h: inputs.from('fetch').html }), {
  dependsOn: ['count', 'fetch'],
});
// @ts-expect-error there is no parse to build on
new Pipeline('bare').withStage('fetch', () => ({ html: '' })).extend(counted);
// @ts-expect-error parse hands on something else there
new Pipeline('other').withStage('parse', () => ({ title: 1 })).extend(counted);
// @ts-expect-error there is a count already
withCount.extend(counted);
// @ts-expect-error a component gives a pipeline
crawl.extend(() => 3);
crawl
  .extend((base) => base.withStage('own', () => ({ ok: true })))
  .withStage('after', () => ({}), { dependsOn: ['own'] });
