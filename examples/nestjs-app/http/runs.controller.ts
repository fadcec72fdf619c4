import { Controller, Get, Headers, HttpCode, Param, Post, Sse } from '@nestjs/common';
import type { AuthenticatedIdentity } from 'stageflow';
import { UndoService } from 'stageflow/approvals';
import { toSse } from 'stageflow/nestjs';
import { Caller } from '../auth/caller.js';
import { Runs } from '../newsletter/runs.js';

@Controller('runs')
export class RunsController {
  constructor(
    private readonly runs: Runs,
    private readonly undo: UndoService,
  ) {}

  @Get()
  async list(@Caller() caller: AuthenticatedIdentity) {
    const runs = await this.runs.list(caller);
    return runs.map(({ runId, userId, status }) => ({ runId, startedBy: userId, status }));
  }

  @Get(':runId')
  async show(@Param('runId') runId: string, @Caller() caller: AuthenticatedIdentity) {
    const { end, stages } = await this.runs.find(runId, caller);
    return {
      runId,
      status: end?.status ?? 'open',
      stages: stages.map(({ stage, status, failure }) => ({ stage, status, code: failure?.code ?? null })),
    };
  }

  /** The run goes on without those who watch it. */
  @Sse(':runId/events')
  watch(
    @Param('runId') runId: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Caller() caller: AuthenticatedIdentity,
  ) {
    const { epoch } = this.runs;
    return toSse(this.runs.watch(runId, caller), { lastEventId, epoch, cancelOnDisconnect: false });
  }

  /** Takes back what a run did, as far as that is possible: what was sent stays sent. */
  @Post(':runId/undo')
  @HttpCode(200)
  async takeBack(@Param('runId') runId: string, @Caller() caller: AuthenticatedIdentity) {
    const { undone, stands, failed } = await this.undo.undoRun(runId, caller);
    return { undone, stands, failed: failed.map(({ tool, reason }) => ({ tool, reason })) };
  }
}
