export type JsonObject = Readonly<Record<string, unknown>>;

/** Parses text that must hold a JSON object. @throws Error with a message to show as it is. */
export function parseJsonObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`is not valid JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (!isJsonObject(value)) throw new Error('is valid JSON, but not an object');
  return value;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a field; null if it holds no text. Control characters go: what is read here ends up on a terminal. */
export function textOrNull(value: unknown): string | null {
  const text = typeof value === 'string' ? value.replace(/\p{Cc}+/gu, ' ').trim() : '';
  return text === '' ? null : text;
}
