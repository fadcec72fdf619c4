/** How the bytes of an artifact are to be read. */
export const ArtifactEncoding = {
  /** As they are. */
  Bytes: 'bytes',
  /** Text in UTF-8. */
  Text: 'text',
  /** JSON in UTF-8. */
  Json: 'json',
} as const;
export type ArtifactEncoding = (typeof ArtifactEncoding)[keyof typeof ArtifactEncoding];

/** What makes a reference recognisable after a round trip through JSON. */
export const ARTIFACT_TYPE = 'stageflow.artifact/1';

/**
 * Stands for a large value wherever it would be in the way: in outputs, events and journals. Frozen plain data, the same
 * after `JSON.parse(JSON.stringify(ref))`. It opens nothing by itself: reading needs the store and its tenant.
 */
export interface ArtifactRef {
  readonly type: typeof ARTIFACT_TYPE;
  /** SHA-256 in hex over all other fields: a reference that was changed no longer fits its id. */
  readonly id: string;
  /** `null` in an application without tenants. */
  readonly tenant: string | null;
  readonly runId: string;
  readonly stage: string;
  readonly name: string;
  readonly contentType: string;
  readonly encoding: ArtifactEncoding;
  readonly bytes: number;
  /** SHA-256 of the content in hex. */
  readonly digest: string;
}

/** All of a reference that its id is made of. */
export type ArtifactFields = Omit<ArtifactRef, 'type' | 'id'>;

/** Says what an artifact is. Its tenant is that of the accessor. */
export interface ArtifactInit {
  readonly runId: string;
  readonly stage: string;
  readonly name: string;
  /** Default `application/octet-stream`. */
  readonly contentType?: string;
  /** Default `bytes`. */
  readonly encoding?: ArtifactEncoding;
}

/** Whole, or piece by piece: then it is never in memory as a whole. */
export type ArtifactContent = Uint8Array | AsyncIterable<Uint8Array>;
