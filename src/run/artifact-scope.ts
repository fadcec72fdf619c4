import { type ArtifactContent, ArtifactEncoding, type ArtifactRef, type TenantArtifacts } from '../artifacts/index.js';
import { StageflowError } from '../errors/index.js';
import type { ArtifactOptions, StageArtifacts } from '../stage/index.js';
import type { RunState } from './run-state.js';
import type { StageExecution } from './stage-execution.js';

/** The artifacts of one run as one of its stages sees them: kept under its name, and within the tenant of the caller. */
export class ArtifactScope implements StageArtifacts {
  readonly #run: RunState;
  readonly #execution: StageExecution;

  constructor(run: RunState, execution: StageExecution) {
    this.#run = run;
    this.#execution = execution;
  }

  async put(name: string, content: ArtifactContent | string, options: ArtifactOptions = {}): Promise<ArtifactRef> {
    const isText = typeof content === 'string';
    const { contentType = isText ? 'text/plain' : 'application/octet-stream' } = options;
    const { encoding = isText ? ArtifactEncoding.Text : ArtifactEncoding.Bytes } = options;
    const { snapshot, resources, reporter } = this.#run;
    const stage = this.#execution.stage.name;
    const init = { runId: snapshot.identity.runId, stage, name, contentType, encoding };
    const ref = await this.#store().put(init, isText ? Buffer.from(content, 'utf8') : content);
    resources.addArtifact(ref);
    reporter.artifactStored(this.#execution, ref);
    return ref;
  }

  get(ref: ArtifactRef): Promise<Uint8Array> {
    return this.#store().get(ref);
  }

  stream(ref: ArtifactRef): AsyncIterable<Uint8Array> {
    return this.#store().stream(ref);
  }

  #store(): TenantArtifacts {
    const { parts, org } = this.#run;
    if (parts.artifacts !== null) return parts.artifacts.store.forTenant(org.tenantId);
    throw new StageflowError({
      code: 'ARTIFACT_NO_STORE',
      message: `Stage "${this.#execution.stage.name}" uses artifacts, but there is no store for them.`,
      fix: 'Give the application, or build(), the option artifacts: { store: new MemoryArtifactStore() }, or a FileArtifactStore.',
      details: { stage: this.#execution.stage.name },
    });
  }
}
