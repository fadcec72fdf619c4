import { describe, kindOf, PayloadKind } from './payload-kind.js';

/** Beyond this, base64 no longer fits into one string. */
const MOST_BYTES = 400_000_000;

/** Why something that holds no other values cannot travel, or null if it can. */
export function leafProblem(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
    case 'undefined':
      return null;
    case 'object':
      return value === null ? null : objectProblem(value);
    default:
      return describe(value);
  }
}

function objectProblem(value: object): string | null {
  const kind = kindOf(value);
  if (kind === PayloadKind.Date) return Number.isNaN((value as Date).getTime()) ? 'is an invalid date' : null;
  if (kind !== PayloadKind.Bytes) return describe(value);
  return (value as Uint8Array).byteLength > MOST_BYTES ? `has more than ${MOST_BYTES} bytes` : null;
}
