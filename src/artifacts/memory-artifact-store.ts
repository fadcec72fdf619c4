import type { ArtifactInit, ArtifactRef } from './artifact.js';
import type { ArtifactBackend } from './artifact-backend.js';
import { artifactError, invalidArtifact } from './artifact-checks.js';
import type { ArtifactStore } from './artifact-store.js';
import { TenantArtifacts } from './tenant-artifacts.js';

export interface MemoryArtifactStoreOptions {
  /** How many bytes of content are kept at most, those being written included. Default 256 MiB. */
  readonly maxBytes?: number;
}

const MAX_BYTES = 268_435_456;

/**
 * Keeps artifacts in memory: for tests, and for applications that lose nothing with their process. Nothing is evicted;
 * what does not fit is refused.
 */
export class MemoryArtifactStore implements ArtifactStore {
  readonly #backend: MemoryBackend;

  /** @throws StageflowError with ARTIFACT_INVALID if `maxBytes` is not a whole number of at least 0. */
  constructor({ maxBytes = MAX_BYTES }: MemoryArtifactStoreOptions = {}) {
    if (!Number.isSafeInteger(maxBytes) || maxBytes < 0) {
      const message = 'maxBytes of MemoryArtifactStore must be a whole number of at least 0.';
      throw invalidArtifact(message, 'Give it such a value, or leave it out.', 'maxBytes');
    }
    this.#backend = new MemoryBackend(maxBytes);
  }

  /** How many bytes are kept or being written. */
  get bytes(): number {
    return this.#backend.bytes;
  }

  forTenant(tenant: string | null): TenantArtifacts {
    return new TenantArtifacts(tenant, this.#backend);
  }
}

interface Kept {
  readonly ref: ArtifactRef;
  readonly pieces: readonly Uint8Array[];
}

class MemoryBackend implements ArtifactBackend {
  bytes = 0;
  readonly #maxBytes: number;
  /** By tenant, run and id. */
  readonly #kept = new Map<string, Kept>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  async write(init: ArtifactInit, content: AsyncIterable<Uint8Array>, seal: () => ArtifactRef): Promise<void> {
    const pieces: Uint8Array[] = [];
    let reserved = 0;
    try {
      for await (const piece of content) {
        if (this.bytes + piece.byteLength > this.#maxBytes) throw this.#full(init);
        this.bytes += piece.byteLength;
        reserved += piece.byteLength;
        pieces.push(piece.slice());
      }
      const ref = seal();
      this.#drop(ref);
      this.#kept.set(keyOf(ref), { ref, pieces });
      reserved = 0;
    } finally {
      this.bytes -= reserved;
    }
  }

  async read(ref: ArtifactRef): Promise<AsyncIterable<Uint8Array> | undefined> {
    const kept = this.#kept.get(keyOf(ref));
    return kept === undefined ? undefined : copiesOf(kept.pieces);
  }

  async delete(ref: ArtifactRef): Promise<boolean> {
    return this.#drop(ref);
  }

  async deleteRun(tenant: string | null, runId: string): Promise<number> {
    return this.#refsOf(tenant, runId).filter((ref) => this.#drop(ref)).length;
  }

  async list(tenant: string | null, runId: string | undefined): Promise<ArtifactRef[]> {
    return this.#refsOf(tenant, runId);
  }

  /** In one go with whatever follows: the count of bytes must not be read in between. */
  #drop(ref: ArtifactRef): boolean {
    if (!this.#kept.delete(keyOf(ref))) return false;
    this.bytes -= ref.bytes;
    return true;
  }

  #refsOf(tenant: string | null, runId: string | undefined): ArtifactRef[] {
    const refs = Array.from(this.#kept.values(), ({ ref }) => ref);
    return refs.filter((ref) => ref.tenant === tenant && (runId === undefined || ref.runId === runId));
  }

  #full(init: ArtifactInit): Error {
    const what = (artifact: string) => `${artifact} does not fit: the store holds at most ${this.#maxBytes} bytes.`;
    return artifactError('ARTIFACT_STORE_FULL', init, what, 'Raise maxBytes, or delete runs that are over.');
  }
}

function keyOf({ tenant, runId, id }: ArtifactRef): string {
  return JSON.stringify([tenant, runId, id]);
}

/** Copies: what a reader does to its bytes reaches no other reader. */
async function* copiesOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield piece.slice();
}
