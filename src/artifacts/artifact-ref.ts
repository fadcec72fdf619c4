import { ARTIFACT_TYPE, type ArtifactFields, type ArtifactRef } from './artifact.js';
import { checkFields, describeArtifact, invalidArtifact } from './artifact-checks.js';

/** @throws StageflowError with ARTIFACT_INVALID. */
export function createArtifactRef(fields: ArtifactFields): ArtifactRef {
  checkFields(fields);
  const { tenant, runId, stage, name, contentType, encoding, bytes, digest } = fields;
  const id = idOf(fields);
  return Object.freeze({ type: ARTIFACT_TYPE, id, tenant, runId, stage, name, contentType, encoding, bytes, digest });
}

/**
 * Checks what may be a reference, for example after `JSON.parse`, and gives it frozen.
 * @throws StageflowError with ARTIFACT_INVALID if it is none, or was changed since it was made.
 */
export function readArtifactRef(value: unknown): ArtifactRef {
  if (typeof value !== 'object' || value === null || (value as { type?: unknown }).type !== ARTIFACT_TYPE) {
    throw invalidArtifact('What was given is not a reference to an artifact.', 'Pass what put() returned.', 'type');
  }
  const fields = value as ArtifactRef;
  const ref = createArtifactRef(fields);
  if (ref.id === fields.id) return ref;
  const message = `The id of ${describeArtifact(ref)} does not belong to the rest of the reference.`;
  throw invalidArtifact(message, 'Pass the reference as put() returned it, unchanged.', 'id');
}

/** Whether a value is a reference that nobody changed. Says nothing about whether the artifact still exists. */
export function isArtifactRef(value: unknown): value is ArtifactRef {
  try {
    return readArtifactRef(value).id !== '';
  } catch {
    return false;
  }
}

function idOf({ tenant, runId, stage, name, contentType, encoding, bytes, digest }: ArtifactFields): string {
  const fields = [ARTIFACT_TYPE, tenant, runId, stage, name, contentType, encoding, bytes, digest];
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}
