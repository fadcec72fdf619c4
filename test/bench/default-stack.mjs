// @ts-check
/* The default stack of an application, all of it at work. */

/** What the API of OpenTelemetry does where no SDK is installed: one span that records nothing. */
const noTracer = { startStage: () => noTracer, endStage() {} };

class Meter {
  count = 0;
  totalMs = 0;

  /** @param {unknown} _ctx @param {string} _status @param {number} durationMs */
  stageEnded(_ctx, _status, durationMs) {
    this.count++;
    this.totalMs += durationMs;
  }
}

/** A logger at a level at which nothing of the stack is written. */
export const quiet = { debug() {}, info() {}, warn() {}, error() {}, isEnabled: () => false, child: () => quiet };

/** @param {any} stageflow the module under test @returns {readonly object[]} */
export function defaultStackOf({ defaultStack }) {
  return defaultStack(quiet, { tracer: noTracer, meter: new Meter() });
}
