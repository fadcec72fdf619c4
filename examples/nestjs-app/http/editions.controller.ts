import { Body, Controller, Get, HttpCode, NotFoundException, Param, Post } from '@nestjs/common';
import type { AuthenticatedIdentity } from 'stageflow';
import { Caller } from '../auth/caller.js';
import type { Draft } from '../newsletter/draft.js';
import { Editions } from '../newsletter/editions.js';
import { Mailbox } from '../newsletter/mailbox.js';
import { Runs } from '../newsletter/runs.js';
import { DraftPipe } from './draft-pipe.js';

@Controller()
export class EditionsController {
  constructor(
    private readonly runs: Runs,
    private readonly editions: Editions,
    private readonly mailbox: Mailbox,
  ) {}

  /** Accepts a draft: it is saved at once, and sent when somebody has approved it. */
  @Post('editions')
  @HttpCode(202)
  async submit(@Body(DraftPipe) draft: Draft, @Caller() caller: AuthenticatedIdentity) {
    const runId = await this.runs.start(draft, caller);
    return { runId, events: `/runs/${runId}/events` };
  }

  @Get('editions/:slug')
  async show(@Param('slug') slug: string, @Caller() { org }: AuthenticatedIdentity): Promise<Draft> {
    const edition = await this.editions.find(org.requireOrgId(), slug);
    if (edition === null) throw new NotFoundException();
    return edition;
  }

  @Get('mail')
  sent(@Caller() { org }: AuthenticatedIdentity) {
    return this.mailbox.sent(org.requireOrgId());
  }
}
