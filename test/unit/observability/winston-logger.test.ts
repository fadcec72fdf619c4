import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import winston from 'winston';
import { winstonLogger } from '../../../src/observability/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';

/** What is written, line by line, parsed. */
function written() {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      for (const line of String(chunk).trim().split('\n')) lines.push(JSON.parse(line));
      done();
    },
  });
  return { lines, transports: [new winston.transports.Stream({ stream })] };
}

describe('the winston logger', () => {
  it('writes one JSON object a line, with what its parents carry', () => {
    const { lines, transports } = written();
    const logger = winstonLogger({ transports, fields: { service: 'shop' } });
    logger.child({ runId: 'r' }).child({ stage: 's' }).info('hello', { n: 1 });
    expect(lines).toEqual([
      { level: 'info', message: 'hello', service: 'shop', runId: 'r', stage: 's', n: 1, timestamp: expect.any(String) },
    ]);
  });

  it('keeps fields that are called as what winston needs itself', () => {
    const { lines, transports } = written();
    winstonLogger({ transports }).warn('text', { message: 'other', level: 9 });
    expect(lines[0]).toMatchObject({ level: 'warn', message: 'text', 'fields.message': 'other', 'fields.level': 9 });
  });

  it('says which levels it writes, and follows the winston logger when that changes', () => {
    const { lines, transports } = written();
    const own = winston.createLogger({ level: 'warn', transports });
    const logger = winstonLogger({ logger: own });
    const child = logger.child({ a: 1 });
    child.info('lost');
    expect([logger.isEnabled?.('info'), child.isEnabled?.('warn')]).toEqual([false, true]);
    own.level = 'debug';
    child.debug('kept');
    expect(lines.map(({ message }) => message)).toEqual(['kept']);
  });

  it('prepares nothing for a line below its level', () => {
    const { transports } = written();
    const fields = {
      get costly(): never {
        throw new Error('read');
      },
    };
    const logger = winstonLogger({ transports });
    expect(() => logger.debug('never', fields)).not.toThrow();
    expect(() => logger.info('written', fields)).toThrow('read');
  });

  it('of a run carries run, correlation, tenant and stage, and no secret', async () => {
    const { lines, transports } = written();
    const pipeline = new Pipeline('p').withStage('a', (ctx) => {
      const { password } = ctx.snapshot.input as { password: string };
      ctx.logger.info(`logs in with ${password}`, { password, deep: { note: `it is ${password}` } });
      ctx.logger.child({ hint: password }).warn('again');
      ctx.logger.debug(`never written: ${password}`);
      return {};
    });
    const run = pipeline
      .build({ logger: winstonLogger({ transports }) })
      .start({ input: { password: 'hunter2-very-secret' }, identity: { correlationId: 'c-1' } });
    await run.result;
    expect(lines).toHaveLength(2);
    const ids = { runId: run.id, correlationId: 'c-1', pipeline: 'p', stage: 'a' };
    for (const line of lines) expect(line).toMatchObject(ids);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    expect(lines[0]?.message).toMatch(/^logs in with /);
  });
});
