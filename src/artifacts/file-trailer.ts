import type { FileHandle } from 'node:fs/promises';
import type { ArtifactRef } from './artifact.js';
import { orIfMissing } from './artifact-folder.js';
import { readArtifactRef } from './artifact-ref.js';

/** The end of every file: the length of the reference before it, in ten digits, and this. */
const MAGIC = '\nstageflow-artifact\n';
const FOOTER_BYTES = 10 + MAGIC.length;
/** Five names of 1024 characters, escaped in the longest way, and the rest. */
const LONGEST_TRAILER = 65_536;

/** What is written after the content, so that lists need nothing but the files. */
export function trailerOf(ref: ArtifactRef): Uint8Array {
  const json = Buffer.from(`\n${JSON.stringify(ref)}`);
  return Buffer.concat([json, Buffer.from(String(json.byteLength).padStart(10, '0') + MAGIC)]);
}

/** The reference in a file; `undefined` for a file that is gone, cut short, or something else. */
export async function readTrailer(path: string): Promise<ArtifactRef | undefined> {
  const handle = await orIfMissing(process.getBuiltinModule('node:fs/promises').open(path, 'r'), undefined);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    const footer = (await readAt(handle, size - FOOTER_BYTES, FOOTER_BYTES)).toString();
    const length = Number(footer.slice(0, 10));
    if (!footer.endsWith(MAGIC) || !(length > 0 && length <= LONGEST_TRAILER)) return undefined;
    const start = size - FOOTER_BYTES - length;
    const ref = readArtifactRef(JSON.parse((await readAt(handle, start, length)).toString()));
    return ref.bytes === start ? ref : undefined;
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  await handle.read(buffer, 0, length, position);
  return buffer;
}
