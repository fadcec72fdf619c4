import type { ArtifactContent, ArtifactEncoding, ArtifactRef } from '../artifacts/index.js';

export interface ArtifactOptions {
  /** Default `text/plain` for text, else `application/octet-stream`. */
  readonly contentType?: string;
  /** How the bytes are to be read. Default: as text if text was given, else as bytes. */
  readonly encoding?: ArtifactEncoding;
}

/** Files and other large results of a stage, kept beside the run: `ctx.artifacts`. */
export interface StageArtifacts {
  /**
   * Keeps content under a name of this stage and gives the reference to it, which may stand in an output. Reported as
   * `artifact.stored`, and listed by `results.artifacts`.
   * @throws ARTIFACT_NO_STORE, ARTIFACT_INVALID, ARTIFACT_STORE_FULL
   */
  put(name: string, content: ArtifactContent | string, options?: ArtifactOptions): Promise<ArtifactRef>;
  /** The whole content. @throws ARTIFACT_NO_STORE, ARTIFACT_FORBIDDEN, ARTIFACT_MISSING, ARTIFACT_CORRUPT */
  get(ref: ArtifactRef): Promise<Uint8Array>;
  /** The content piece by piece; the last piece comes only after the digest of all was found right. */
  stream(ref: ArtifactRef): AsyncIterable<Uint8Array>;
}
