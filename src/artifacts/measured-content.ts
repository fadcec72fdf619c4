import type { ArtifactContent } from './artifact.js';
import { invalidArtifact } from './artifact-checks.js';

/** A whole value is passed on in pieces of this size, so that hashing it never holds up the process for long. */
const PIECE_BYTES = 1_048_576;

/** After so much, everything else gets a turn: content from memory waits for nothing by itself. */
const BYTES_PER_TURN = 8_388_608;

/** Hands content on and counts and hashes it on the way. */
export class MeasuredContent {
  readonly #content: ArtifactContent;
  readonly #hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  #bytes = 0;

  /** @throws StageflowError with ARTIFACT_INVALID if it is not content at all. */
  constructor(content: ArtifactContent) {
    const isContent = content instanceof Uint8Array || typeof Object(content)[Symbol.asyncIterator] === 'function';
    if (!isContent) throw invalidContent();
    this.#content = content;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Of everything that was handed on. Can be asked for once. */
  takeDigest(): string {
    return this.#hash.digest('hex');
  }

  /** Views, not copies: whoever keeps them must copy. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    let sinceTurn = 0;
    for await (const piece of this.#content instanceof Uint8Array ? piecesOf(this.#content) : this.#content) {
      if (!(piece instanceof Uint8Array)) throw invalidContent();
      this.#hash.update(piece);
      this.#bytes += piece.byteLength;
      sinceTurn += piece.byteLength;
      if (sinceTurn >= BYTES_PER_TURN) {
        sinceTurn = 0;
        await process.getBuiltinModule('node:timers/promises').setImmediate();
      }
      yield piece;
    }
  }
}

function* piecesOf(whole: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < whole.byteLength; at += PIECE_BYTES) yield whole.subarray(at, at + PIECE_BYTES);
}

function invalidContent(): Error {
  const message = 'The content of an artifact must be a Uint8Array or an async iterable of them.';
  return invalidArtifact(message, 'Encode it first, for example with TextEncoder.', 'content');
}
