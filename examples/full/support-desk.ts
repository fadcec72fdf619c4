/* The application: who may call, who approves, what is kept, and what is told of it. */
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { type PipelineRun, Stageflow } from 'stageflow';
import { ApprovalService, approvers, SqlApprovalStore, SqlUndoStore, UndoService } from 'stageflow/approvals';
import { ClaimMappings, JwtVerifier } from 'stageflow/auth';
import { Journal, type ReplayReport, recordCalls, replay, SqlJournalStore } from 'stageflow/journal';
import { openTelemetry } from 'stageflow/otel';
import { AUDIENCE, ISSUER, type Issuer } from './local/issuer.js';
import { type Settings, settings } from './shop-module.js';
import { SupportApp, SupportPipeline } from './support-pipeline.js';

export class SupportDesk {
  readonly app: Stageflow;
  readonly approvals: ApprovalService;
  readonly undo: UndoService;
  readonly verifier: JwtVerifier;
  readonly spans: InMemorySpanExporter;
  readonly #journal: Journal;

  private constructor(parts: Pick<SupportDesk, 'app' | 'approvals' | 'undo' | 'verifier' | 'spans'>, journal: Journal) {
    this.app = parts.app;
    this.approvals = parts.approvals;
    this.undo = parts.undo;
    this.verifier = parts.verifier;
    this.spans = parts.spans;
    this.#journal = journal;
  }

  static async open(given: Settings, issuer: Issuer): Promise<SupportDesk> {
    const { database } = given;
    const spans = new InMemorySpanExporter();
    const tracing = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
    trace.setGlobalTracerProvider(tracing); // once, where an application starts
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const verifier = new JwtVerifier({
      keys: { jwks: issuer.keys },
      issuer: ISSUER,
      audience: AUDIENCE,
      claims: ClaimMappings.oidc({ orgId: 'org_id', roles: 'roles' }),
    });
    // #region app
    const journal = new Journal({ store: new SqlJournalStore(database) });
    const undo = new UndoService({ store: new SqlUndoStore(database) });
    const approvals = new ApprovalService({
      store: new SqlApprovalStore(database),
      policy: approvers({ roles: ['supervisor'] }), // and somebody else than who asked
    });
    const app = await Stageflow.create(SupportApp, {
      verifier,
      journal,
      toolServices: { approvals, undo },
      interceptors: [recordCalls()],
      plugins: [openTelemetry()],
      overrides: settings(given),
    });
    // #endregion
    return new SupportDesk({ app, approvals, undo, verifier, spans }, journal);
  }

  /** @param token of the clerk who works on the mail */
  solve(file: string, token?: string): PipelineRun {
    return this.app.start(SupportPipeline, { input: { file }, ...(token === undefined ? {} : { token }) });
  }

  /** Runs a recorded run again, and says what would come out differently today. */
  async replay(runId: string, tenant: string): Promise<ReplayReport> {
    return replay(this.app, await this.#journal.read({ tenant, runId }));
  }

  async close(): Promise<void> {
    this.approvals.close();
    await this.app.close();
    trace.disable();
    context.disable();
  }
}
