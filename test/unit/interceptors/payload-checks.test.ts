import { describe, expect, it } from 'vitest';
import { ImmutabilityCheck, PayloadSizeInterceptor, type PayloadSizeOptions } from '../../../src/interceptors/index.js';
import { messageOf, type StageContext } from '../../../src/stage/index.js';
import { Rig } from '../run/hand-bound.js';
import { Rounds } from './rounds.js';

describe('a guard of sizes (092)', () => {
  const handing = (bytes: number, options: PayloadSizeOptions) =>
    new Rounds({ interceptors: [PayloadSizeInterceptor.with(options)], run: () => ({ text: 'x'.repeat(bytes) }) });
  const told = ({ rig }: Rounds) => rig.sink.ofType('custom').map(({ name }) => name);

  it('fails a stage that hands on too much, for good, and names it', async () => {
    const { failure } = await handing(5_000, { maxBytes: 4_000 }).round();
    expect(failure).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', retryable: false });
    expect(messageOf(failure?.error)).toContain('Stage "a" handed on more than 4000 bytes');
  });

  it('tells of large outputs and lets them pass', async () => {
    const large = handing(5_000, { warnBytes: 4_000 });
    expect((await large.round()).status).toBe('ok');
    expect(told(large)).toEqual(['payload.large']);
    const small = handing(3_000, { warnBytes: 4_000 });
    await small.round();
    expect(told(small)).toEqual([]);
  });

  it('tells of outputs that are many times what the stage was given, if told to', async () => {
    const grown = handing(5_000, { warnGrowth: 10 });
    await grown.round();
    expect(told(grown)).toEqual(['payload.large']);
    const fed = handing(5_000, { warnGrowth: 10 });
    await fed.round({ inputText: 'y'.repeat(1_000) });
    expect(told(fed)).toEqual([]);
  });

  it('looks at no stage without data', async () => {
    const rounds = new Rounds({
      interceptors: [PayloadSizeInterceptor.with({ maxBytes: 0 })],
      run: () => Promise.reject(new Error('mine')),
    });
    expect(await rounds.codes(1)).toEqual(['STAGE_FAILED']);
  });
});

describe('a check for changes (092)', () => {
  const links = () => ({ links: [{ href: '/' }], seen: new Set(['a']), bytes: new Uint8Array(2) });
  const changing = (change: (data: ReturnType<typeof links>, ctx: StageContext) => unknown) =>
    new Rig([
      { name: 'Fetch', run: links },
      { name: 'Skips', run: () => undefined },
      {
        name: 'Parse',
        dependsOn: ['Fetch', 'Skips'],
        interceptors: [new ImmutabilityCheck()],
        run: (ctx) => {
          change(ctx.inputs.from('Fetch'), ctx);
          return {};
        },
      },
    ]).outcome({ input: { bytes: new Uint8Array([1]) } });

  it('fails a stage that changes bytes of what another handed on, and says where', async () => {
    const { failure } = (await changing((data) => data.bytes.fill(7))).results.stage('Parse');
    expect(failure?.code).toBe('IMMUTABILITY_VIOLATED');
    expect(messageOf(failure?.error)).toContain('Stage "Parse" changed the output of "Fetch"');
    expect(failure?.error).toMatchObject({ details: { path: expect.stringMatching(/^bytes/) } });
  });

  it.each([
    ['a field', (data: ReturnType<typeof links>) => Object.assign(data.links[0] as object, { href: 'x' })],
    ['a list', (data: ReturnType<typeof links>) => data.links.push({ href: 'x' })],
    ['a set', (data: ReturnType<typeof links>) => data.seen.add('b')],
  ])('is not needed for %s, which is frozen and refuses by itself', async (_, change) => {
    const { failure } = (await changing(change)).results.stage('Parse');
    expect(messageOf(failure?.error)).toMatch(/read only|not extensible|PAYLOAD_READ_ONLY/);
  });

  it('fails a stage that changes the bytes of the input', async () => {
    const outcome = await changing((_, ctx) => (ctx.snapshot.input as { bytes: Uint8Array }).bytes.fill(9));
    expect(messageOf(outcome.results.stage('Parse').failure?.error)).toContain('changed the input');
  });

  it('lets those pass who only read', async () => {
    expect((await changing((data) => JSON.stringify(data))).status).toBe('completed');
  });
});

it.each([{ warnBytes: -1 }, { maxBytes: Number.NaN }, { warnGrowth: 0 }])(
  'refuses %j: METADATA_OPTION_INVALID',
  (options) => {
    expect(() => PayloadSizeInterceptor.with(options)).toThrow(
      expect.objectContaining({ code: 'METADATA_OPTION_INVALID' }),
    );
  },
);
