import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import type { Settings } from './settings.js';

/** The application, not listening yet. Connections are closed with it: else whoever watches a run holds it up. */
export function createApp(settings: Settings): Promise<INestApplication> {
  const forceCloseConnections = true;
  // Nest 11 does not hand the option on to Fastify.
  const adapter = settings.adapter === 'fastify' ? new FastifyAdapter({ forceCloseConnections }) : new ExpressAdapter();
  return NestFactory.create(AppModule.with(settings), adapter, { logger: ['error', 'warn'], forceCloseConnections });
}
