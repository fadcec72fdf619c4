import { decodeTag } from './decode-tag.js';
import type { Step } from './field-path.js';
import { fieldNames, hasPlainItems, putField } from './fields.js';
import { describe, kindOf, PayloadKind } from './payload-kind.js';
import { type PayloadProblem, payloadError } from './payload-problem.js';
import { Trail } from './trail.js';

/**
 * Turns what `encodePayload` made back into data, after `JSON.parse` or at once. Parts without anything to turn back become
 * part of the result, uncopied.
 * @param root what the paths in errors begin with
 * @throws PAYLOAD_INVALID with everything that `encodePayload` cannot have written
 */
export function decodePayload(json: unknown, root = 'value'): unknown {
  const problems: PayloadProblem[] = [];
  const value = decodeOrNote(json, root, problems);
  if (problems.length === 0) return value;
  throw payloadError({
    code: 'PAYLOAD_INVALID',
    subject: 'Encoded data cannot be read',
    problems,
    fix: 'Read the data as it was stored.',
  });
}

/** `decodePayload` for one of several parts: notes problems instead of throwing them. */
export function decodeOrNote(json: unknown, root: string, problems: PayloadProblem[]): unknown {
  const trail = new Trail<unknown>(root);
  const value = new Decoder(trail).decode(json, null);
  problems.push(...trail.problems);
  return value;
}

export class Decoder {
  readonly #trail: Trail<unknown>;

  constructor(trail: Trail<unknown>) {
    this.#trail = trail;
  }

  decode(json: unknown, step: Step): unknown {
    if (typeof json === 'string' || typeof json === 'boolean' || json === null) return json;
    if (typeof json === 'number' && Number.isFinite(json)) return json;
    if (typeof json === 'object') return this.#object(json, step);
    this.#trail.refuse(step, `is ${String(typeof json === 'number' ? json : typeof json)}, which is not JSON`);
    return undefined;
  }

  #object(json: object, step: Step): unknown {
    const known = this.#trail.known(json);
    if (known !== undefined) return known;
    if (!this.#trail.enter(json, step)) return undefined;
    let value: unknown;
    try {
      value = this.#decodeObject(json);
    } catch {
      this.#trail.refuse(null, 'cannot be read: looking at it throws');
    }
    return this.#trail.leave(json, value);
  }

  #decodeObject(json: object): unknown {
    const kind = kindOf(json);
    if (kind === PayloadKind.Record) return this.#record(json as Record<string, unknown>);
    if (kind === PayloadKind.Array) return this.#array(json as unknown[]);
    this.#trail.refuse(null, kind === PayloadKind.Other ? describe(json) : `is a ${kind}, which is not JSON`);
    return undefined;
  }

  #record(json: Record<string, unknown>): unknown {
    const names = fieldNames(json, this.#trail);
    const tag = names.find((name) => name.startsWith('$') && !name.startsWith('$$'));
    if (tag !== undefined) {
      if (names.length === 1) return decodeTag(tag, json[tag], this.#trail, this);
      this.#trail.refuse(tag, 'stands beside other fields, which a field with one $ never does');
      return undefined;
    }
    let changed: Record<string, unknown> | null = null;
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as string;
      const value = this.decode(json[name], name);
      const isEscaped = name.startsWith('$');
      if (changed === null && (isEscaped || value !== json[name])) changed = copyFields(json, names, index);
      if (changed !== null) putField(changed, isEscaped ? name.slice(1) : name, value);
    }
    return changed ?? json;
  }

  #array(json: readonly unknown[]): unknown {
    if (!hasPlainItems(json, this.#trail)) return undefined;
    let changed: unknown[] | null = null;
    for (let index = 0; index < json.length; index++) {
      const value = this.decode(json[index], index);
      if (changed === null && value !== json[index]) changed = Array.prototype.slice.call(json, 0, index);
      changed?.push(value);
    }
    return changed ?? json;
  }
}

/** The first `count` fields, which are known to be read back as they are. */
function copyFields(json: Record<string, unknown>, names: readonly string[], count: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (let index = 0; index < count; index++) putField(copy, names[index] as string, json[names[index] as string]);
  return copy;
}
