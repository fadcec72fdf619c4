import fc from 'fast-check';

const anyText = fc.string({ unit: 'binary' }); // lone surrogates included
const leaf = fc.oneof(
  anyText,
  fc.constantFrom('$date', '$$map', '\ud800', '__proto__', 'ünïcödé 🎈'),
  fc.double(),
  fc.integer(),
  fc.bigInt(),
  fc.boolean(),
  fc.constantFrom(null, undefined),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ maxLength: 20 }),
);
const key = fc.oneof(anyText, fc.constantFrom('$', '$date', '$$x', '__proto__', 'constructor', 'toJSON', ''));

/** Everything that `encodePayload` takes. */
export const payload = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, tie('list'), tie('record'), tie('map'), tie('set')),
  list: fc.array(tie('value'), { maxLength: 5 }),
  record: fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  map: fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((pairs) => new Map(pairs)),
  set: fc.array(tie('value'), { maxLength: 3 }).map((items) => new Set(items)),
})).value;
