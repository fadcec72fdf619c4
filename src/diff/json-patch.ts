/*
 * JSON patches (RFC 6902) that apply. The library makes and applies them; what it cannot do is kept away from it:
 *  - it puts nothing at the root, loses keys named `__proto__`, and loses its way at `constructor` and `prototype`: objects
 *    with the last two are replaced as a whole, paths through them and everything with the first are refused;
 *  - its search for the shortest patch of two lists grows with their product: beyond a bound lists are compared place by
 *    place, or replaced.
 */
import { isDeepStrictEqual } from 'node:util';
import { applyPatch, createPatch, type Operation, type Pointer } from 'rfc6902';
import { StageflowError } from '../errors/index.js';
import { isJson, type JsonValue } from './json-value.js';

/** One step of a patch, as RFC 6902 writes it. */
export type JsonPatchOperation = Operation;
export type JsonPatch = readonly JsonPatchOperation[];

/** How many pairs of list elements one patch may look at. */
const MOST_PAIRS = 250_000;
const UNREACHABLE = ['constructor', 'prototype'];

/**
 * The patch that turns one JSON value into another; empty if they are equal.
 * @throws DIFF_INVALID if one of them is not JSON
 */
export function diffJson(before: unknown, after: unknown): JsonPatch {
  for (const value of [before, after]) if (!isJson(value)) throw notJson();
  let pairs = MOST_PAIRS;
  const compare = (from: JsonValue, to: JsonValue, at: Pointer): Operation[] | undefined => {
    if (isDeepStrictEqual(from, to)) return [];
    if (Array.isArray(from) && Array.isArray(to)) {
      pairs -= from.length * to.length;
      return pairs < 0 ? placeByPlace(from, to, at, compare) : undefined;
    }
    return hidesKeys(from) || hidesKeys(to) ? [{ op: 'replace', path: at.toString(), value: to }] : undefined;
  };
  return structuredClone(createPatch(before, after, compare));
}

/**
 * What a patch makes of a value, which itself stays as it is. Applies as a whole or not at all.
 * @throws DIFF_INVALID if the patch does not fit the value
 */
export function applyJsonPatch(value: unknown, patch: JsonPatch): unknown {
  // The value stands below a key, so that its root can be replaced as well.
  const holder = { root: structuredClone(value) };
  for (const operation of structuredClone(patch)) {
    const { path, from = null, value: content = null } = operation as { path: string; from?: string; value?: unknown };
    if (!isReachable(path) || !(from === null || isReachable(from)) || !isJson(content)) throw unfit(operation.op);
    const moved = { ...operation, path: `/root${path}`, ...(from === null ? {} : { from: `/root${from}` }) };
    const [problem] = tried(() => applyPatch(holder, [moved as Operation]));
    if (problem !== null) throw unfit(operation.op, problem);
  }
  return holder.root;
}

function isReachable(pointer: string): boolean {
  if (pointer !== '' && !pointer.startsWith('/')) return false;
  return pointer.split('/').every((key) => key !== '__proto__' && !UNREACHABLE.includes(key));
}

function unfit(op: string, cause?: unknown): StageflowError {
  return new StageflowError({
    code: 'DIFF_INVALID',
    message: `A patch does not fit the value it is applied to: "${op}" fails.`,
    fix: 'Make the patch from the value it is for.',
    details: { op },
    cause,
  });
}

/** The library gives errors for what does not fit, and throws for pointers that are none. */
function tried(apply: () => readonly (Error | null)[]): readonly (unknown | null)[] {
  try {
    return apply();
  } catch (error) {
    return [error];
  }
}

type Compare = (from: JsonValue, to: JsonValue, at: Pointer) => Operation[] | undefined;

function placeByPlace(from: readonly JsonValue[], to: readonly JsonValue[], at: Pointer, compare: Compare) {
  if (from.length !== to.length) return [{ op: 'replace' as const, path: at.toString(), value: to }];
  return from.flatMap((value, index) => {
    const [other, place] = [to[index] as JsonValue, at.add(String(index))];
    return compare(value, other, place) ?? [{ op: 'replace' as const, path: place.toString(), value: other }];
  });
}

function hidesKeys(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && UNREACHABLE.some((key) => Object.hasOwn(value, key));
}

function notJson(): StageflowError {
  return new StageflowError({
    code: 'DIFF_INVALID',
    message: 'A JSON patch was asked of something that is not JSON.',
    fix: 'Give JSON data without keys named __proto__, or use diffStructured, which also compares dates.',
  });
}
