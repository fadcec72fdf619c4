import { mapConcurrently } from './map-concurrently.js';
import type { AuditedPackage, Notice } from './packages.js';
import type { Watch } from './watch.js';

export interface Checked<R> {
  readonly package: AuditedPackage;
  /** Null if the check failed; then a notice says why. */
  readonly result: R | null;
  readonly notice: Notice | null;
}

/** Runs a check on every package. One that fails, say on an unreadable file, is noted and costs no other its result. */
export function checkEachPackage<R>(
  packages: readonly AuditedPackage[],
  watch: Watch,
  check: (of: AuditedPackage) => Promise<R>,
): Promise<Checked<R>[]> {
  return mapConcurrently(packages, watch, async (of) => {
    try {
      return { package: of, result: await check(of), notice: null };
    } catch (error) {
      watch.signal.throwIfAborted();
      const message = error instanceof Error ? error.message : String(error);
      return { package: of, result: null, notice: { kind: 'unreadable', location: of.location, message } };
    }
  });
}
