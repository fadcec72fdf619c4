import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { ApprovalService, UndoService } from 'stageflow/approvals';
import { Journal } from 'stageflow/journal';
import { StageflowExceptionFilter, type StageflowFactoryOptions, StageflowModule } from 'stageflow/nestjs';
import { callerOf } from './auth/caller.js';
import { JwtGuard } from './auth/jwt-guard.js';
import { ApprovalsController } from './http/approvals.controller.js';
import { EditionsController } from './http/editions.controller.js';
import { HealthController } from './http/health.controller.js';
import { RunsController } from './http/runs.controller.js';
import { Editions } from './newsletter/editions.js';
import { Mailbox } from './newsletter/mailbox.js';
import { NewsletterPipeline } from './newsletter/newsletter.pipeline.js';
import { Runs } from './newsletter/runs.js';
import { SETTINGS, type Settings } from './settings.js';
import { StorageModule } from './storage/storage.module.js';

@Global()
@Module({})
class SettingsModule {}

@Module({ providers: [Editions, Mailbox], exports: [Editions, Mailbox] })
class PublishingModule {}

@Module({
  imports: [
    StorageModule,
    PublishingModule,
    StageflowModule.forRootAsync({
      inject: [SETTINGS, Journal, ApprovalService, UndoService],
      useFactory: (
        { graceMs }: Settings,
        journal: Journal,
        approvals: ApprovalService,
        undo: UndoService,
      ): StageflowFactoryOptions => ({
        auth: callerOf,
        journal,
        toolServices: { approvals, undo },
        graceMs,
      }),
    }),
    StageflowModule.forFeature([{ pipeline: NewsletterPipeline, imports: [PublishingModule] }]),
  ],
  controllers: [EditionsController, RunsController, ApprovalsController, HealthController],
  providers: [
    Runs,
    { provide: APP_GUARD, useClass: JwtGuard },
    { provide: APP_FILTER, useClass: StageflowExceptionFilter },
  ],
})
export class AppModule {
  static with(settings: Settings): DynamicModule {
    const provided = {
      module: SettingsModule,
      providers: [{ provide: SETTINGS, useValue: settings }],
      exports: [SETTINGS],
    };
    return { module: AppModule, imports: [provided] };
  }
}
