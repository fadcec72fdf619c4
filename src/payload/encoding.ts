/*
 * The encoding, version 1. JSON stands for itself; what JSON cannot say is an object with one field that begins with `$`:
 *
 *   {"$undefined": true}
 *   {"$number": "NaN" | "Infinity" | "-Infinity" | "-0"}
 *   {"$bigint": "-12"}
 *   {"$date": "2026-11-23T10:00:00.000Z"}
 *   {"$bytes": "base64"}                      read back as Uint8Array, also if it was a Buffer
 *   {"$map": [[key, value], …]}               keys and values encoded
 *   {"$set": [item, …]}                       items encoded
 *
 * A field of the user's own that begins with `$` gets one more `$` in front, so that no data can pass for one of these.
 * Objects without a prototype are read back as ordinary ones. Whoever stores encoded payloads stores the version beside
 * them, or in the version of the layout they are part of; a tag that is added, or changes its meaning, makes a new version.
 */
export const PAYLOAD_ENCODING_VERSION = 1;

/** What `JSON.stringify` writes without loss and `JSON.parse` gives. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export const Tag = {
  Undefined: '$undefined',
  Number: '$number',
  Bigint: '$bigint',
  Date: '$date',
  Bytes: '$bytes',
  Map: '$map',
  Set: '$set',
} as const;
