import { IsString } from 'class-validator';
import {
  extensionToken,
  type LogFields,
  MaskingRules,
  MemorySink,
  Pipeline,
  type RunInput,
  Sensitive,
  SensitivePaths,
  type StageContext,
  type StageflowLogger,
  StageOutput,
} from 'stageflow';
import { describe, expect, it } from 'vitest';

const SECRET = 'hunter2-very-secret';

class Login {
  @IsString() user!: string;
  @IsString() @Sensitive() phrase!: string;
}

/** Writes down every line with all that its parents added. */
function recordingLogger(lines: unknown[], bound: LogFields = {}): StageflowLogger {
  const write =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push({ level, message, ...bound, ...fields });
    };
  const child = (fields: LogFields) => recordingLogger(lines, { ...bound, ...fields });
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error'), child };
}

/** Everything that was written about one run: events, log lines, the error it ended with. */
async function writtenBy(
  execute: (ctx: StageContext) => unknown,
  input: RunInput,
  options: { masking?: MaskingRules | false; contract?: typeof Login } = {},
): Promise<string> {
  const sink = new MemorySink();
  const lines: unknown[] = [];
  const { masking, contract } = options;
  const pipeline = new Pipeline('p', { failurePolicy: 'continue' })
    .withStage('first', () => ({ token: `${SECRET}-of-a-stage`, note: 'fine' }))
    .withStage('s', (ctx) => execute(ctx) as object, {
      dependsOn: ['first'],
      ...(contract === undefined ? {} : { input: contract }),
    });
  const runnable = pipeline.build({
    sinks: [sink],
    logger: recordingLogger(lines),
    ...(masking === undefined ? {} : { masking }),
  });
  const outcome = await runnable.start(input).result;
  const error = outcome.status === 'completed' ? null : outcome.error.message;
  return JSON.stringify({ events: sink.events, lines, error });
}

describe('a secret in what a run was given', () => {
  const login = { input: { user: 'ada', password: SECRET } };
  const everywhere = (ctx: StageContext): unknown => {
    const { password } = ctx.snapshot.input as { password: string };
    ctx.emit('tried', { text: `with ${password}`, list: [password] });
    ctx.logger.info(`logging in with ${password}`, { header: `Basic ${password}` });
    ctx.logger.child({ attempt: password }).debug('again');
    ctx.progress(0.5, `half of ${password}`);
    throw new Error(`the server refused ${password}`);
  };

  it('is masked in events, log lines and the error of the run, wherever its value turns up', async () => {
    const written = await writtenBy(everywhere, login);
    expect(written).not.toContain(SECRET);
    expect(written).toContain('the server refused [masked]');
    expect(written).toContain('logging in with [masked]');
  });

  it('is known by the fields that a DTO calls sensitive', async () => {
    const input = { input: { user: 'ada', phrase: SECRET } };
    const tell = (ctx: StageContext): unknown => {
      const { phrase } = ctx.snapshot.input as Login;
      ctx.emit('said', { phrase: `I said ${phrase}` });
      return StageOutput.skip(`heard ${phrase}`);
    };
    const written = await writtenBy(tell, input, { contract: Login });
    expect(written).not.toContain(SECRET);
    expect(written).toContain('heard [masked]');
  });

  it('is known by a path of the application', async () => {
    const masking = new MaskingRules({ paths: SensitivePaths.of(['people[*].shoe']) });
    const input = { input: { people: [{ shoe: SECRET }] } };
    const written = await writtenBy((ctx) => ctx.emit('all', ctx.snapshot.input), input, { masking });
    expect(written).not.toContain(SECRET);
  });

  it('is written as it is where masking was switched off', async () => {
    expect(await writtenBy(everywhere, login, { masking: false })).toContain(SECRET);
  });
});

it('a secret in an extension or in the bag is masked as well', async () => {
  class Vault {
    @Sensitive() readonly phrase = SECRET;
  }
  const VAULT = extensionToken<Vault, object>('vault', { encode: () => ({}), decode: () => new Vault() });
  const tell = (ctx: StageContext): never => {
    ctx.bag.set('opened', { pin: 'kept', password: 'open sesame' });
    throw new Error(`${ctx.snapshot.extensions.require(VAULT).phrase} and open sesame`);
  };
  const written = await writtenBy(tell, { extensions: [VAULT.of(new Vault())] });
  expect(written).not.toContain(SECRET);
  expect(written).not.toContain('open sesame');
});

describe('a secret in the output of a stage', () => {
  it('is masked in what later stages say', async () => {
    const tell = (ctx: StageContext): never => {
      throw new Error(`got ${(ctx.inputs.from('first') as { token: string }).token}`);
    };
    const written = await writtenBy(tell, {});
    expect(written).not.toContain(SECRET);
    expect(written).toContain('got [masked]');
  });

  it('is masked in what is said after a guard has sent the run back, whatever round it is from', async () => {
    const sink = new MemorySink();
    let round = 0;
    const results = await new Pipeline('p')
      .withStage('draft', (ctx) => {
        round++;
        ctx.bag.set('access', { password: `bagged-secret-${round}` });
        return { token: `${SECRET}-${round}`, round };
      })
      .withStage(
        'check',
        (ctx) => {
          const { token } = ctx.inputs.from('draft');
          ctx.emit('seen', { text: `${token} and bagged-secret-${round}` });
          return round < 3 ? StageOutput.fail(new Error(`no: ${token}`)) : {};
        },
        { kind: 'guard', dependsOn: ['draft'], retryFrom: { stage: 'draft', attempts: 5 } },
      )
      .build({ sinks: [sink] })
      .run();
    expect(results.of('draft').round).toBe(3);
    expect(JSON.stringify(sink.events)).not.toMatch(/hunter2|bagged-secret/);
    expect(sink.events.filter(({ type }) => type === 'custom')).toHaveLength(3);
  });

  it('reaches dependents and results as it is', async () => {
    const results = await new Pipeline('p')
      .withStage('a', (ctx) => {
        ctx.emit('masker', 'is made'); // from here on outputs are looked through
        return { token: SECRET };
      })
      .withStage('b', (ctx) => ({ token: ctx.inputs.from('a').token }), { dependsOn: ['a'] })
      .build({ sinks: [new MemorySink()] })
      .run();
    expect(results.of('b')).toEqual({ token: SECRET });
  });
});
