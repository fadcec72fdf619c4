import { StageflowError } from '../errors/index.js';
import { ArtifactEncoding, type ArtifactFields } from './artifact.js';

/** Enough for every name that means something, and too little to hide a value in. */
const LONGEST_NAME = 1024;
const DIGEST = /^[0-9a-f]{64}$/;
const CONTENT_TYPE = /^[\w.+-]+\/[\w.+-]+(?:\s*;[\x20-\x7e]*)?$/;
const ENCODINGS: readonly unknown[] = Object.values(ArtifactEncoding);

/** @throws StageflowError with ARTIFACT_INVALID for the first field that is not what it must be. */
export function checkFields(fields: ArtifactFields): void {
  checkTenant(fields.tenant);
  checkName('runId', fields.runId);
  checkName('stage', fields.stage);
  checkName('name', fields.name);
  const { contentType, encoding, bytes, digest } = fields;
  const isType = typeof contentType === 'string' && contentType.length <= 255 && CONTENT_TYPE.test(contentType);
  if (!isType) throw invalidField('contentType', 'a media type such as text/plain');
  if (!ENCODINGS.includes(encoding)) throw invalidField('encoding', `one of ${ENCODINGS.join(', ')}`);
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw invalidField('bytes', 'a whole number of at least 0');
  if (typeof digest !== 'string' || !DIGEST.test(digest)) throw invalidField('digest', 'a SHA-256 in lower-case hex');
}

export function checkTenant(tenant: unknown): void {
  if (tenant !== null) checkName('tenant', tenant);
}

/** Names never become paths, so any character will do; half a surrogate pair would not survive being stored. */
export function checkName(field: string, name: unknown): void {
  const isName = typeof name === 'string' && name.trim() !== '' && name.length <= LONGEST_NAME;
  if (!isName || /\p{Surrogate}/u.test(name)) {
    throw invalidField(field, `well-formed text of 1 to ${LONGEST_NAME} characters that is not blank`);
  }
}

type Named = Pick<ArtifactFields, 'name' | 'stage' | 'runId'>;

/** As errors speak of it. */
export function describeArtifact({ name, stage, runId }: Named): string {
  return `artifact "${name}" of stage "${stage}" in run "${runId}"`;
}

export function artifactError(
  code: 'ARTIFACT_FORBIDDEN' | 'ARTIFACT_MISSING' | 'ARTIFACT_CORRUPT' | 'ARTIFACT_STORE_FULL',
  { name, stage, runId }: Named,
  what: (artifact: string) => string,
  fix: string,
): StageflowError {
  const message = what(describeArtifact({ name, stage, runId }));
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  return new StageflowError({ code, message: sentence, fix, details: { name, stage, runId } });
}

export function invalidArtifact(message: string, fix: string, field: string): StageflowError {
  return new StageflowError({ code: 'ARTIFACT_INVALID', message, fix, details: { field } });
}

function invalidField(field: string, expected: string): StageflowError {
  return invalidArtifact(`${field} of an artifact must be ${expected}.`, 'Give it such a value.', field);
}
