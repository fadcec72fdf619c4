import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { expect, it } from 'vitest';
import { StageflowExceptionFilter } from '../../src/nestjs/index.js';

const installed = createRequire(import.meta.url);

it('is what the tests of this project get, and stageflow with them', () => {
  const core = installed('@nestjs/core');
  expect(installed('@nestjs/core/package.json').version).toMatch(/^11\./);
  expect(NestFactory).toBe(core.NestFactory);
  expect(Object.getPrototypeOf(StageflowExceptionFilter)).toBe(core.BaseExceptionFilter);
  expect(Test).toBe(installed('@nestjs/testing').Test);
  expect(ExpressAdapter).toBe(installed('@nestjs/platform-express').ExpressAdapter);
  expect(FastifyAdapter).toBe(installed('@nestjs/platform-fastify').FastifyAdapter);
});

it('has the types that stageflow/nestjs and the example are written against', { timeout: 60_000 }, async () => {
  const tsc = path.join(path.dirname(installed.resolve('typescript/package.json')), 'bin/tsc');
  const args = [tsc, '-p', import.meta.dirname, '--listFiles'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
  const files = stdout.split('\n').filter((file) => file.includes('/@nestjs/common/'));
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => !file.includes('/test/nest11/'))).toEqual([]);
});
