/** What a verifier did instead of answering. Names and fixed words only. */
export interface VerifierFault {
  /** The class of the verifier. */
  readonly verifier: string;
  readonly problem: string;
  /** The system's name for it, such as ECONNREFUSED. */
  readonly systemCode?: string;
}

const CLASS_NAME = /^[A-Za-z_$][\w$]{0,63}$/;
const SYSTEM_CODE = /^E[A-Z]{3,20}$/;
const ERROR_NAMES: ReadonlySet<string> = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'EvalError',
  'URIError',
  'AggregateError',
  'AbortError',
  'TimeoutError',
]);

/**
 * What can be told of a thrown value. Its message and its own properties may hold the token, so of these nothing is kept
 * but names from a fixed list and codes in the form the operating system uses.
 */
export function faultOfThrown(verifier: unknown, thrown: unknown): VerifierFault {
  const name = read(thrown, 'name');
  const problem = typeof name === 'string' && ERROR_NAMES.has(name) ? `failed with ${article(name)}` : 'failed';
  const systemCode = systemCodeOf(thrown);
  return { verifier: verifierName(verifier), problem, ...(systemCode === undefined ? {} : { systemCode }) };
}

export function verifierName(verifier: unknown): string {
  const name = read(read(verifier, 'constructor'), 'name');
  return typeof name === 'string' && CLASS_NAME.test(name) && name !== 'Object' ? name : 'The verifier';
}

function article(name: string): string {
  return /^[AEU]/.test(name) ? `an ${name}` : `a ${name}`;
}

/** `fetch` puts the reason one level down. */
function systemCodeOf(thrown: unknown): string | undefined {
  for (const candidate of [thrown, read(thrown, 'cause')]) {
    const code = read(candidate, 'code');
    if (typeof code === 'string' && SYSTEM_CODE.test(code)) return code;
  }
  return undefined;
}

/** A property of anything, a hostile proxy included. */
function read(value: unknown, property: string): unknown {
  try {
    return (value as Record<string, unknown> | null | undefined)?.[property];
  } catch {
    return undefined;
  }
}
