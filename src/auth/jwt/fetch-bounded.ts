/** A key set of this size would hold thousands of keys. */
const MAX_BYTES = 1_048_576;

/** `fetch`, for small answers: reads no more than 1 MB, whatever the other side sends. */
export async function fetchBounded(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, options);
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    return new Response(null, { status: 502 });
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (size > MAX_BYTES) return new Response(null, { status: 502 });
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks), { status: 200 });
}
