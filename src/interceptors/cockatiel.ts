type Cockatiel = typeof import('cockatiel');

/** Loaded when a breaker is made, as is what loads it: both take longer than the rest of stageflow/core. */
export function loadCockatiel(): Cockatiel {
  return process.getBuiltinModule('node:module').createRequire(import.meta.url)('cockatiel') as Cockatiel;
}
