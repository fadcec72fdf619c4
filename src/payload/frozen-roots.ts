/*
 * What has been frozen to its last leaf, so that nobody walks it again. Only roots are remembered, and only those that hold
 * other objects: remembering costs 0.1 us, more than walking a flat object.
 */
const frozen = new WeakSet<object>();
const travelling = new WeakSet<object>();

/** Nothing that can be reached from `value` can be changed, class instances and bytes excepted. */
export function isFrozenThroughout(value: object): boolean {
  return frozen.has(value) || travelling.has(value);
}

export function rememberFrozen(value: object): void {
  frozen.add(value);
}

/** Frozen throughout, and known to hold nothing that cannot travel. */
export function isReadyToTravel(value: object): boolean {
  return travelling.has(value);
}

export function rememberReadyToTravel(value: object): void {
  travelling.add(value);
}
