/** Where somebody called. Taking it is cheap; making text of it is not, and waits until somebody asks. */
export interface CallSite {
  readonly stack?: string;
}

/** Remembers the place that called `entry`, the function by which the program came to us. */
export function callSite(entry: Function): CallSite {
  const site = {};
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(site, entry);
  Error.stackTraceLimit = stackTraceLimit;
  return site;
}

const FRAME = /^\s*at (?:.*\()?(.+?:\d+:\d+)\)?$/m;

/** `file:line:column`, or null if the engine does not say. */
export function siteText(site: CallSite): string | null {
  return FRAME.exec(String(site.stack))?.[1] ?? null;
}
