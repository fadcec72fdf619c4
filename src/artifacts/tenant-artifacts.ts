import { type ArtifactContent, ArtifactEncoding, type ArtifactInit, type ArtifactRef } from './artifact.js';
import type { ArtifactBackend } from './artifact-backend.js';
import { artifactError, checkName, checkTenant } from './artifact-checks.js';
import { createArtifactRef, readArtifactRef } from './artifact-ref.js';
import { MeasuredContent } from './measured-content.js';

/**
 * The artifacts of one tenant, over any backend.
 *
 * Invariants: the tenant of every key is this one, whatever a reference says, and a reference that says another is
 * refused; the id of a reference seals its digest, and what does not have that digest is never handed out whole.
 */
export class TenantArtifacts {
  readonly tenant: string | null;
  readonly #backend: ArtifactBackend;

  /** @throws StageflowError with ARTIFACT_INVALID if the tenant is neither a name nor `null`. */
  constructor(tenant: string | null, backend: ArtifactBackend) {
    checkTenant(tenant);
    this.tenant = tenant;
    this.#backend = backend;
  }

  /**
   * Keeps content and gives the reference to it. The same content under the same names is the same artifact; other
   * content is another one beside it. What the content throws is passed on, and nothing is kept.
   * @throws StageflowError with ARTIFACT_INVALID or ARTIFACT_STORE_FULL.
   */
  async put(init: ArtifactInit, content: ArtifactContent): Promise<ArtifactRef> {
    const measured = new MeasuredContent(content);
    const { runId, stage, name, contentType = 'application/octet-stream', encoding = ArtifactEncoding.Bytes } = init;
    const fields = { tenant: this.tenant, runId, stage, name, contentType, encoding };
    createArtifactRef({ ...fields, bytes: 0, digest: '0'.repeat(64) });
    let sealed: ArtifactRef | undefined;
    const seal = () => {
      sealed ??= createArtifactRef({ ...fields, bytes: measured.bytes, digest: measured.takeDigest() });
      return sealed;
    };
    await this.#backend.write(fields, measured.pieces(), seal);
    return seal();
  }

  /**
   * The whole content, in a buffer of the reader's own.
   * @throws StageflowError with ARTIFACT_INVALID, ARTIFACT_FORBIDDEN, ARTIFACT_MISSING or ARTIFACT_CORRUPT.
   */
  async get(ref: ArtifactRef): Promise<Uint8Array> {
    const checked = this.#check(ref);
    // Not before the first piece has come: then there is an artifact of this size, and not only a reference that says so.
    let whole: Uint8Array | undefined;
    let at = 0;
    for await (const piece of this.#verified(checked)) {
      whole ??= new Uint8Array(checked.bytes);
      whole.set(piece, at);
      at += piece.byteLength;
    }
    return whole ?? new Uint8Array();
  }

  /**
   * The content piece by piece. The last piece comes only after the digest of all of them was found right: a reader that
   * sees the end has seen what was put. Errors as for {@link get}, thrown while it is read.
   */
  async *stream(ref: ArtifactRef): AsyncGenerator<Uint8Array, void, undefined> {
    yield* this.#verified(this.#check(ref));
  }

  /** Deletes one artifact. `false` if there was none. Errors as for {@link get}, but never ARTIFACT_MISSING. */
  async delete(ref: ArtifactRef): Promise<boolean> {
    return this.#backend.delete(this.#check(ref));
  }

  /** Deletes all artifacts of a run and says how many there were. Call it when the run is over. */
  async deleteRun(runId: string): Promise<number> {
    checkName('runId', runId);
    return this.#backend.deleteRun(this.tenant, runId);
  }

  /** All artifacts of the tenant or of one of its runs, by run, stage, name and id. What cannot be read is left out. */
  async list(of: { readonly runId?: string } = {}): Promise<readonly ArtifactRef[]> {
    if (of.runId !== undefined) checkName('runId', of.runId);
    const refs = await this.#backend.list(this.tenant, of.runId);
    return refs
      .map((ref) => ({ ref, key: JSON.stringify([ref.runId, ref.stage, ref.name, ref.id]) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ ref }) => ref);
  }

  #check(ref: ArtifactRef): ArtifactRef {
    const checked = readArtifactRef(ref);
    if (checked.tenant === this.tenant) return checked;
    const fix = 'Read it through forTenant() of the tenant it was put for.';
    throw artifactError('ARTIFACT_FORBIDDEN', checked, (artifact) => `${artifact} belongs to another tenant.`, fix);
  }

  async *#verified(ref: ArtifactRef): AsyncGenerator<Uint8Array, void, undefined> {
    const content = await this.#backend.read(ref);
    if (content === undefined) {
      const fix = 'It was deleted, or put into another store. Run the stage again.';
      throw artifactError('ARTIFACT_MISSING', ref, (artifact) => `${artifact} is not in the store.`, fix);
    }
    const measured = new MeasuredContent(content);
    let held: Uint8Array | undefined;
    for await (const piece of measured.pieces()) {
      if (measured.bytes > ref.bytes) throw corrupt(ref);
      if (held !== undefined) yield held;
      held = piece;
    }
    if (measured.bytes !== ref.bytes || measured.takeDigest() !== ref.digest) throw corrupt(ref);
    if (held !== undefined) yield held;
  }
}

function corrupt(ref: ArtifactRef): Error {
  const fix = 'Put it again, which replaces what is there.';
  const what = (artifact: string) => `the stored content of ${artifact} does not have the digest it was stored with.`;
  return artifactError('ARTIFACT_CORRUPT', ref, what, fix);
}
