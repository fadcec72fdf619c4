import type { ToolDefinition } from './define-tool.js';

/** Names what a tool is: it changes with its name, description, effect, gates and schemas, so that an approval of it ends. */
export function toolFingerprint({ spec, input, output }: ToolDefinition): string {
  const schemas = [input.toJsonSchema('input'), output?.toJsonSchema('output') ?? null];
  return digestOf([spec, input.name, input.version, output?.name ?? null, output?.version ?? null, schemas]);
}

/** SHA-256, in hex, of the canonical JSON of an input: the order of keys does not matter. */
export function inputDigest(input: unknown): string {
  return digestOf(input);
}

function digestOf(value: unknown): string {
  // Not imported: an engine that needs no digest does not load cryptography.
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(canonical(value)).digest('hex');
}

/** JSON with sorted keys. What JSON itself cannot tell from null is written apart. */
function canonical(given: unknown): string {
  const value = hasToJson(given) ? given.toJSON() : given;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value instanceof Map || value instanceof Set) return `${value.constructor.name}${canonical([...value])}`;
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record).filter((key) => record[key] !== undefined);
  return `{${keys
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(record[key])}`)
    .join(',')}}`;
}

function hasToJson(value: unknown): value is { toJSON(): unknown } {
  return typeof (value as { toJSON?: unknown } | null | undefined)?.toJSON === 'function';
}
