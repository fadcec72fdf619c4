/* Names processes, so that the runs of one that has died on this machine need not wait for its lease to run out. */
const SEPARATOR = ' ';
/** The start of a process is worked out from two clocks, which are not read at the same moment. */
const START_TOLERANCE_MS = 1_000;

/** A name that no other writer has: host, process id, when the process began, and something new each time. */
export function processOwner(): string {
  const { hostname } = process.getBuiltinModule('node:os');
  const { randomUUID } = process.getBuiltinModule('node:crypto');
  return [hostname(), process.pid, processStart(), randomUUID()].join(SEPARATOR);
}

/**
 * Whether the process behind `owner` has certainly ended, as seen by `self`. Of another machine nobody knows, and an id may be
 * in use again: then only the lease tells.
 */
export function isDeadOwner(owner: string, self: string): boolean {
  const [host, pid, start, nonce] = owner.split(SEPARATOR);
  const [ownHost, ownPid, ownStart] = self.split(SEPARATOR);
  if (nonce === undefined || host !== ownHost) return false;
  // Our own id was used by a process before us, as in a container that was started anew.
  if (pid === ownPid) return Math.abs(Number(start) - Number(ownStart)) > START_TOLERANCE_MS;
  return !isAlive(Number(pid));
}

/** In ms since the machine was started. */
function processStart(): number {
  return Math.round(Number(process.hrtime.bigint() / 1_000_000n) - process.uptime() * 1_000);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
