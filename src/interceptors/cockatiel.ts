import { createRequire } from 'node:module';

type Cockatiel = typeof import('cockatiel');

/** Loaded when something first needs it: it takes longer to load than the rest of stageflow/core. */
export function loadCockatiel(): Cockatiel {
  return createRequire(import.meta.url)('cockatiel') as Cockatiel;
}
