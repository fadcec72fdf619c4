import { HttpException, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  AuthContext,
  defineTool,
  Pipeline,
  PipelineModule,
  Stage,
  type StageContext,
  StageflowError,
  Tool,
} from 'stageflow';
import { ApprovalService, approvers, MemoryApprovalStore, MemoryUndoStore, UndoService } from 'stageflow/approvals';
import { Journal, MemoryJournalStore } from 'stageflow/journal';
import { getPipelineToken, type NestPipeline, StageflowModule, toHttpException } from 'stageflow/nestjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const Nothing = z.object({});
const ann = { auth: AuthContext.verified({ userId: 'ann', orgId: 'acme' }) };
const tom = { auth: AuthContext.verified({ userId: 'tom', orgId: 'acme', roles: ['chief'] }) };
const eve = { auth: AuthContext.verified({ userId: 'eve', orgId: 'globex', roles: ['chief'] }) };

async function answerTo(call: Promise<unknown>): Promise<number> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const answer = error instanceof StageflowError ? toHttpException(error) : error;
  if (answer instanceof HttpException) return answer.getStatus();
  throw answer;
}

describe('what a request is answered with', () => {
  it('when a decision is refused: 403 to whoever may not, 404 to strangers, 409 when it is too late', async () => {
    const policy = approvers({ roles: ['chief'] });
    const approvals = new ApprovalService({ store: new MemoryApprovalStore(), policy });
    const pay = defineTool({
      name: 'pay',
      description: 'Pays.',
      input: Nothing,
      effect: 'irreversible',
      execute: () => ({}),
    });
    const run = new Pipeline('p')
      .withTools(pay)
      .withStage('s', async (ctx) => void (await ctx.tools.invoke({ id: 'c', name: 'pay', arguments: {} })))
      .build({ toolServices: { approvals } })
      .start(ann);
    for await (const event of run.events) if (event.type === 'approval.requested') break;
    const id = (await approvals.pending(tom)).requests[0]?.id ?? '';
    expect(await answerTo(approvals.approve(id, ann))).toBe(403);
    expect(await answerTo(approvals.approve(id, eve))).toBe(404);
    expect(await answerTo(approvals.approveEdited(id, tom, { more: true }))).toBe(400);
    await approvals.deny(id, tom, 'no');
    expect(await answerTo(approvals.approve(id, tom))).toBe(409);
    await run.result;
  });

  it('when there is no such run, or nothing to undo: 404', async () => {
    const journal = new Journal({ store: new MemoryJournalStore() });
    expect(await answerTo(journal.read({ tenant: 'acme', runId: 'none' }))).toBe(404);
    const undo = new UndoService({ store: new MemoryUndoStore(), handlerOf: () => null });
    expect(await answerTo(undo.undoRun('none', ann))).toBe(404);
  });

  it('when a tool of the run was denied: 403', async () => {
    @Tool({ name: 'wipe', description: 'Wipes.', input: Nothing, effect: 'irreversible' })
    class Wipe {
      execute(): object {
        return {};
      }
    }
    @Stage()
    class Clean {
      async execute(ctx: StageContext): Promise<void> {
        await ctx.tools.call(Wipe, {});
      }
    }
    @PipelineModule({ stages: [Clean], tools: [Wipe] })
    class CleanPipeline {}
    @Module({ imports: [StageflowModule.forRoot(), StageflowModule.forFeature([CleanPipeline])] })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule as Type, { logger: false });
    const pipeline = app.get<NestPipeline>(getPipelineToken(CleanPipeline), { strict: false });
    expect(await answerTo(pipeline.run())).toBe(403);
    await app.close();
  });
});
