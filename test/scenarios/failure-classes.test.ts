import { ErrorCategory, type ErrorClassifier, MemorySink, Pipeline, RetryInterceptor, StageOutput } from 'stageflow';
import { expect, it } from 'vitest';

const fails = (error: unknown) =>
  new Pipeline('p').withStage('call', () => {
    throw error;
  });

it.each([
  ['a busy provider', Object.assign(new Error('slow down'), { status: 429 }), 'transient', true],
  ['a refused key', Object.assign(new Error('who are you'), { status: 401 }), 'policy', false],
  [
    'a throttled AWS call',
    Object.assign(new Error('x'), { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }),
    'transient',
    true,
  ],
  ['an exhausted quota', Object.assign(new Error('x'), { status: 429, code: 'insufficient_quota' }), 'policy', false],
  [
    'a broken connection',
    Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) }),
    'transient',
    true,
  ],
  ['a bug', new TypeError('x is not a function'), 'logic', false],
])('every failure says what kind it is, in its event and its result: %s', async (_, error, category, retryable) => {
  const sink = new MemorySink();
  const { results } = await fails(error)
    .build({ sinks: [sink] })
    .start().result;
  expect(results.stage('call').category).toBe(category);
  expect(sink.ofType('stage.failed')).toMatchObject([{ error: { category, retryable } }]);
  expect(sink.ofType('pipeline.failed')).toMatchObject([{ error: { category, retryable } }]);
});

it('one classifier of the application decides for retries, events and results alike', async () => {
  const classifier: ErrorClassifier = {
    classify: (error) => ({
      category: ErrorCategory.Transient,
      code: error instanceof Error ? error.message : 'OTHER',
      retryable: true,
      retryAfterMs: null,
    }),
  };
  let calls = 0;
  const sink = new MemorySink();
  const pipeline = new Pipeline('p').withStage(
    'call',
    () => {
      calls++;
      throw new TypeError('a bug of theirs');
    },
    { interceptors: [RetryInterceptor.with({ attempts: 3, delayMs: 0 })] },
  );
  const { results } = await pipeline.build({ sinks: [sink], classifier }).start().result;
  expect([calls, results.stage('call').category]).toEqual([3, 'transient']);
  expect(sink.ofType('stage.retry_exhausted')).toMatchObject([{ attempts: 3, error: { category: 'transient' } }]);
  expect(results.stage('call').data).toMatchObject({
    attempts: [
      { attempt: 1, message: 'a bug of theirs', category: 'transient', delayMs: 0 },
      { attempt: 2, delayMs: 0 },
      { attempt: 3, delayMs: null },
    ],
  });
});

it('a classifier that throws is passed over; what the failure says itself stands above any', async () => {
  const classifier: ErrorClassifier = {
    classify() {
      throw new Error('classifier down');
    },
  };
  const sink = new MemorySink();
  const pipeline = new Pipeline('p').withStage('call', () => StageOutput.fail(new TypeError('x'), { retryable: true }));
  const { results } = await pipeline.build({ sinks: [sink], classifier }).start().result;
  expect(results.stage('call').category).toBe('logic');
  expect(sink.ofType('stage.failed')).toMatchObject([{ error: { category: 'logic', retryable: true } }]);
});
