import type { ArtifactInit, ArtifactRef } from './artifact.js';

/**
 * Implement this to keep artifacts somewhere else, and hand it to `TenantArtifacts`, which checks tenants,
 * references and digests before and after every call. A key is the tenant, the run and the id of a reference, all three.
 */
export interface ArtifactBackend {
  /**
   * Reads `content` to its end, calls `seal` once after that, and keeps the content under what it gives. Nothing may be
   * visible before that, or remain if anything throws. An artifact that is there already is replaced.
   * @param init says what will be stored, for messages; it is checked.
   */
  write(init: ArtifactInit, content: AsyncIterable<Uint8Array>, seal: () => ArtifactRef): Promise<void>;
  /** The content, or `undefined` if there is none. Its buffers become the reader's. */
  read(ref: ArtifactRef): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Whether there was something to delete. */
  delete(ref: ArtifactRef): Promise<boolean>;
  /** How many were deleted. */
  deleteRun(tenant: string | null, runId: string): Promise<number>;
  /** In any order. */
  list(tenant: string | null, runId: string | undefined): Promise<ArtifactRef[]>;
}
