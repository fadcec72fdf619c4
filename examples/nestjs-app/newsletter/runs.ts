import { randomUUID } from 'node:crypto';
import {
  Injectable,
  Logger,
  NotFoundException,
  type OnApplicationBootstrap,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { AuthenticatedIdentity, PipelineRun } from 'stageflow';
import { Journal, type RunKey, type RunSummary, resume, type StoredRun } from 'stageflow/journal';
import { InjectPipeline, type NestPipeline } from 'stageflow/nestjs';
import type { Draft } from './draft.js';
import { NewsletterPipeline } from './newsletter.pipeline.js';

/** How many that have ended can still be watched. */
const MOST_ENDED = 1_000;

/** The runs of this process, to watch, and all there ever were, to look at. */
@Injectable()
export class Runs implements OnApplicationBootstrap {
  /** Whoever watched a run before a restart sees it from the beginning of what happens now. */
  readonly epoch = randomUUID().slice(0, 8);
  readonly #logger = new Logger(Runs.name);
  readonly #live = new Map<string, { readonly tenant: string | null; readonly run: PipelineRun }>();
  readonly #ended: string[] = [];

  constructor(
    @InjectPipeline(NewsletterPipeline) private readonly newsletter: NestPipeline,
    private readonly journal: Journal,
  ) {}

  /** Goes on with what an earlier process has left. */
  async onApplicationBootstrap(): Promise<void> {
    for (const key of await this.journal.list({ status: 'open', limit: 10_000 })) await this.#goOn(key);
  }

  /**
   * Once it has answered, the run is written down, and ends whatever becomes of this process. It is for the caller of the
   * request.
   */
  async start(draft: Draft, caller: AuthenticatedIdentity): Promise<string> {
    const run = this.newsletter.start({ input: draft });
    this.#keep(caller.org.tenantId, run);
    try {
      await this.find(run.id, caller);
    } catch (cause) {
      run.cancel('it could not be written down');
      throw new ServiceUnavailableException(undefined, { cause });
    }
    return run.id;
  }

  /** A run of this process, while it goes on and for some time after it. */
  watch(runId: string, { org }: AuthenticatedIdentity): PipelineRun {
    const live = this.#live.get(runId);
    if (live === undefined || live.tenant !== org.tenantId) throw new NotFoundException();
    return live.run;
  }

  /** The latest of the house. */
  list({ org }: AuthenticatedIdentity): Promise<readonly RunSummary[]> {
    return this.journal.list({ tenant: org.tenantId });
  }

  /** Nobody learns of runs of another house: to them there are none. @throws JOURNAL_RUN_MISSING */
  find(runId: string, { org }: AuthenticatedIdentity): Promise<StoredRun> {
    return this.journal.read({ tenant: org.tenantId, runId });
  }

  /** One that cannot go on, because another process is at it or its plan has changed, is left as it is. */
  async #goOn(key: RunKey): Promise<void> {
    try {
      this.#keep(key.tenant, await resume(this.newsletter, this.journal, key));
    } catch (error) {
      this.#logger.warn(error);
    }
  }

  #keep(tenant: string | null, run: PipelineRun): void {
    this.#live.set(run.id, { tenant, run });
    void run.result.then(() => this.#ended.push(run.id)).then(() => this.#forgetOldest());
  }

  #forgetOldest(): void {
    if (this.#ended.length <= MOST_ENDED) return;
    const oldest = this.#ended.shift();
    if (oldest !== undefined) this.#live.delete(oldest);
  }
}
