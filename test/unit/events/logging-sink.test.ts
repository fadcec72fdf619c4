import { expect, it } from 'vitest';
import {
  type LogFields,
  LoggingSink,
  type LogLevel,
  type StageflowLogger,
  silentLogger,
} from '../../../src/events/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { StageOutput } from '../../../src/stage/index.js';

function keeper(lines: [LogLevel, string, LogFields][], least: readonly LogLevel[]): StageflowLogger {
  const write =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) =>
      void lines.push([level, message, fields]);
  return {
    ...silentLogger,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    isEnabled: (level) => least.includes(level),
  };
}

const pipeline = new Pipeline('p', { failurePolicy: 'continue' })
  .withStage('good', () => ({ a: 1 }))
  .withStage('bad', () => StageOutput.fail(new Error('no')));

it('writes every event as a line with its ids, louder where something went wrong', async () => {
  const lines: [LogLevel, string, LogFields][] = [];
  const sinks = [new LoggingSink(keeper(lines, ['debug', 'info', 'warn', 'error']))];
  const { id, result } = pipeline.build({ sinks }).start();
  await result;
  expect(lines.map(([level, message]) => `${level} ${message}`)).toEqual([
    'debug pipeline.started',
    'debug stage.started',
    'debug stage.completed',
    'debug stage.started',
    'warn stage.failed',
    'error pipeline.failed',
  ]);
  expect(lines.every(([, , fields]) => fields.runId === id && fields.correlationId === id)).toBe(true);
});

it('writes nothing below the level of its logger', async () => {
  const lines: [LogLevel, string, LogFields][] = [];
  const sink = new LoggingSink(keeper(lines, ['error']), { level: 'info' });
  await pipeline.build({ sinks: [sink] }).start().result;
  expect(lines.map(([, message]) => message)).toEqual(['pipeline.failed']);
});
