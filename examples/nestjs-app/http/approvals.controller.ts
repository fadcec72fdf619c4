import { BadRequestException, Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { AuthenticatedIdentity } from 'stageflow';
import { type ApprovalRequest, ApprovalService } from 'stageflow/approvals';
import { Caller } from '../auth/caller.js';

/** Every check is in the service: tenant, role, four eyes, still open. */
@Controller('approvals')
export class ApprovalsController {
  constructor(private readonly approvals: ApprovalService) {}

  /** What the caller may decide on, oldest first: `next` is where the next page begins. */
  @Get()
  async list(@Caller() caller: AuthenticatedIdentity, @Query('after') after?: string) {
    const { requests, next } = await this.approvals.pending(caller, after === undefined ? {} : { after });
    return { requests: requests.map(shown), next };
  }

  @Post(':id/approve')
  @HttpCode(200)
  async approve(@Param('id') id: string, @Caller() caller: AuthenticatedIdentity) {
    return shown(await this.approvals.approve(id, caller));
  }

  @Post(':id/deny')
  @HttpCode(200)
  async deny(@Param('id') id: string, @Body('reason') reason: unknown, @Caller() caller: AuthenticatedIdentity) {
    if (typeof reason !== 'string' || reason.trim() === '') throw new BadRequestException('Say why, as "reason".');
    return shown(await this.approvals.deny(id, caller, reason));
  }
}

function shown({ id, runId, status, tool, input, requestedBy, decision }: ApprovalRequest) {
  const decidedBy = decision?.by?.id ?? null;
  return { id, runId, status, tool: tool.name, input, requestedBy: requestedBy?.id ?? null, decidedBy };
}
