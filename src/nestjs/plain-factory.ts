const plain = new WeakSet<Function>();

/** Says of a factory that calling it with its dependencies is all there is to it: no promise, no other effect. */
export function markPlain<F extends Function>(factory: F): F {
  plain.add(factory);
  return factory;
}

export function isPlainFactory(factory: Function): boolean {
  return plain.has(factory);
}
