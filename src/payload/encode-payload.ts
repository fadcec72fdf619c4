import { type Json, Tag } from './encoding.js';
import type { Step } from './field-path.js';
import { fieldNames, hasPlainItems, putField } from './fields.js';
import { leafProblem } from './leaf-problem.js';
import { kindOf, PayloadKind } from './payload-kind.js';
import { type PayloadProblem, payloadError } from './payload-problem.js';
import { Trail } from './trail.js';

/**
 * Turns data into JSON without loss, when it is to be stored or sent; `decodePayload` turns it back. Beyond JSON it takes
 * undefined, NaN, the infinities, -0, bigint, Date, Uint8Array, Map and Set.
 *
 * Parts that JSON can say as they are become part of the result, uncopied: freeze what you encode, or leave it alone.
 * @param root what the paths in errors begin with
 * @throws PAYLOAD_NOT_ENCODABLE with every field that cannot be encoded, functions and class instances for example
 */
export function encodePayload(value: unknown, root = 'value'): Json {
  const problems: PayloadProblem[] = [];
  const json = encodeOrNote(value, root, problems);
  if (problems.length === 0) return json;
  throw payloadError({
    code: 'PAYLOAD_NOT_ENCODABLE',
    subject: 'Data cannot be encoded as JSON',
    problems,
    fix: 'Pass plain data: objects, arrays, text, numbers, Date, Map, Set, Uint8Array.',
  });
}

/** `encodePayload` for one of several parts: notes problems instead of throwing them. */
export function encodeOrNote(value: unknown, root: string, problems: PayloadProblem[]): Json {
  const trail = new Trail<Json>(root);
  const json = new Encoder(trail).encode(value, null);
  problems.push(...trail.problems);
  return json;
}

class Encoder {
  readonly #trail: Trail<Json>;

  constructor(trail: Trail<Json>) {
    this.#trail = trail;
  }

  encode(value: unknown, step: Step): Json {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return encodeNumber(value);
      case 'bigint':
        return { [Tag.Bigint]: value.toString() };
      case 'undefined':
        return { [Tag.Undefined]: true };
      case 'object':
        return value === null ? null : this.#object(value, step);
      default:
        this.#trail.refuse(step, leafProblem(value) ?? 'cannot be encoded');
        return null;
    }
  }

  #object(value: object, step: Step): Json {
    const known = this.#trail.known(value);
    if (known !== undefined) return known;
    if (!this.#trail.enter(value, step)) return null;
    let json: Json = null;
    try {
      json = this.#encodeObject(value);
    } catch {
      this.#trail.refuse(null, 'cannot be read: looking at it throws');
    }
    return this.#trail.leave(value, json);
  }

  #encodeObject(value: object): Json {
    const kind = kindOf(value);
    if (kind === PayloadKind.Record) return this.#record(value as Record<string, unknown>);
    if (kind === PayloadKind.Array) return this.#array(value as unknown[]);
    if (kind === PayloadKind.Map) return { [Tag.Map]: this.#entries(value as Map<unknown, unknown>) };
    if (kind === PayloadKind.Set) return { [Tag.Set]: this.#items(value as Set<unknown>) };
    const problem = leafProblem(value);
    if (problem !== null) {
      this.#trail.refuse(null, problem);
      return null;
    }
    if (kind === PayloadKind.Date) return { [Tag.Date]: (value as Date).toISOString() };
    return { [Tag.Bytes]: toBase64(value as Uint8Array) };
  }

  /** The record itself if all its fields say themselves. */
  #record(value: Record<string, unknown>): Json {
    const names = fieldNames(value, this.#trail);
    let changed: Record<string, Json> | null = null;
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as string;
      const inner = value[name];
      const json = this.encode(inner, name);
      const isEscaped = name.startsWith('$');
      if (changed === null && (isEscaped || json !== inner)) changed = copyFields(value, names, index);
      if (changed !== null) putField(changed, isEscaped ? `$${name}` : name, json);
    }
    return changed ?? (value as Json);
  }

  /** The array itself if all its items say themselves. */
  #array(value: readonly unknown[]): Json {
    if (!hasPlainItems(value, this.#trail)) return null;
    let changed: Json[] | null = null;
    for (let index = 0; index < value.length; index++) {
      const inner = value[index];
      const json = this.encode(inner, index);
      if (changed === null && json !== inner) changed = Array.prototype.slice.call(value, 0, index) as Json[];
      changed?.push(json);
    }
    return changed ?? (value as Json);
  }

  #entries(value: Map<unknown, unknown>): Json {
    const pairs: Json[] = [];
    for (const [key, inner] of value) {
      const entry = pairs.length;
      pairs.push([this.encode(key, { entry, side: 'key' }), this.encode(inner, { entry, side: 'value' })]);
    }
    return pairs;
  }

  #items(value: Set<unknown>): Json {
    const items: Json[] = [];
    for (const inner of value) items.push(this.encode(inner, { entry: items.length, side: 'item' }));
    return items;
  }
}

/** The first `count` fields, which are known to encode to themselves. */
function copyFields(value: Record<string, unknown>, names: readonly string[], count: number): Record<string, Json> {
  const copy: Record<string, Json> = {};
  for (let index = 0; index < count; index++) putField(copy, names[index] as string, value[names[index] as string]);
  return copy;
}

function encodeNumber(value: number): Json {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { [Tag.Number]: Object.is(value, -0) ? '-0' : String(value) };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
