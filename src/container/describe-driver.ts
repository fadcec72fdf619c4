import type { ModuleLike } from '../metadata/index.js';
import { type StageDriver, startedBy } from '../pipeline/index.js';
import type { DriverDescription } from './app-description.js';
import { isDynamic } from './module-graph.js';

/** What drives a stage whose class does not do all of the work itself; null for most. */
export function describeDriver(driver: StageDriver | null): DriverDescription | null {
  if (driver === null) return null;
  const started = startedBy(driver) as ModuleLike | null; // in an application nothing but modules is started
  const runs = started === null ? null : isDynamic(started) ? started.module.name : started.name;
  if (driver.kind === 'pipeline') return { kind: 'pipeline', runs };
  if (driver.kind === 'loop') {
    const { maxIterations, timeoutMs } = driver.by;
    return { kind: 'loop', runs, maxIterations, timeoutMs };
  }
  const { concurrency, policy } = driver.by;
  return { kind: 'items', runs, concurrency, policy };
}

/** `all items, 8 at once`, `at most 5 times`, `runs AuditModule`. */
export function driverText(driver: DriverDescription): string {
  const runs = driver.runs === null ? '' : ` runs ${driver.runs}`;
  if (driver.kind === 'pipeline') return runs.trim();
  if (driver.kind === 'items') {
    const policy = typeof driver.policy === 'string' ? driver.policy : `at least ${driver.policy.atLeast}`;
    return `each item${runs} (${policy}), ${driver.concurrency} at once`;
  }
  const bounds = [
    ...(driver.maxIterations === null ? [] : [`${driver.maxIterations} times`]),
    ...(driver.timeoutMs === null ? [] : [`for ${driver.timeoutMs} ms`]),
  ];
  return `repeats${runs} at most ${bounds.join(' or ')}`;
}
