import { ConsoleLogger } from '@nestjs/common';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import type { StageflowLogger } from '../../../src/events/index.js';
import { fromConsole, fromNestLogger, fromPino } from '../../../src/observability/index.js';

function say(logger: StageflowLogger): void {
  logger.debug('quiet', { n: 0 });
  logger.child({ runId: 'r' }).info('hello', { n: 1 });
  logger.warn('careful');
  logger.child({ runId: 'r' }).error('broken');
}

describe('pino', () => {
  function lines(make: (target: pino.Logger) => StageflowLogger): Record<string, unknown>[] {
    const written: Record<string, unknown>[] = [];
    const target = pino(
      { level: 'info', base: null, timestamp: false },
      { write: (line) => written.push(JSON.parse(line)) },
    );
    const logger = make(target);
    expect(logger.isEnabled?.('debug')).toBe(false);
    say(logger);
    return written;
  }

  it.each([
    ['fromPino', fromPino],
    ['fromConsole, which sees that it is pino', fromConsole],
  ])('gets fields first and message second: %s', (_, make) => {
    expect(lines(make)).toEqual([
      { level: 30, runId: 'r', n: 1, msg: 'hello' },
      { level: 40, msg: 'careful' },
      { level: 50, runId: 'r', msg: 'broken' },
    ]);
  });
});

describe('a console', () => {
  it('gets the message first and the fields, if there are any, second', () => {
    const calls: unknown[] = [];
    const note =
      (level: string) =>
      (...values: unknown[]) =>
        calls.push([level, ...values]);
    say(fromConsole({ debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }));
    expect(calls).toEqual([
      ['debug', 'quiet', { n: 0 }],
      ['info', 'hello', { runId: 'r', n: 1 }],
      ['warn', 'careful'],
      ['error', 'broken', { runId: 'r' }],
    ]);
  });
});

describe('a logger of Nest', () => {
  class Kept extends ConsoleLogger {
    readonly entries: unknown[] = [];

    override printMessages(messages: unknown[], context = '', level = 'log'): void {
      this.entries.push([level, context, ...messages]);
    }
  }

  it('gets each line as one entry under one context, at its own level', () => {
    const nest = new Kept('app', { logLevels: ['error', 'warn', 'log'] });
    const logger = fromNestLogger(nest, 'pipelines');
    expect([logger.isEnabled?.('debug'), logger.isEnabled?.('info')]).toEqual([false, true]);
    say(logger);
    expect(nest.entries).toEqual([
      ['log', 'pipelines', { message: 'hello', runId: 'r', n: 1 }],
      ['warn', 'pipelines', 'careful'],
      ['error', 'pipelines', { message: 'broken', runId: 'r' }],
    ]);
  });

  it('may know no debug', () => {
    const lines: unknown[] = [];
    const note = (message: unknown) => lines.push(message);
    const logger = fromNestLogger({ log: note, warn: note, error: note });
    expect(logger.isEnabled?.('debug')).toBe(false);
    logger.debug('lost');
    logger.info('kept');
    expect(lines).toEqual(['kept']);
  });
});
