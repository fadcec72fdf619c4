import { contractOf } from '../contracts/index.js';
import { type Problem, StageflowError } from '../errors/index.js';
import { ToolEffect } from '../stage/index.js';

/** What models of all vendors accept. */
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
/** Names that mean something to objects or protocols. */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype', 'final_answer']);
const APPROVALS: readonly unknown[] = ['required', 'never', 'by-effect'];

/** Everything that is wrong with a tool, from untyped code, too. */
export function toolProblems(given: unknown, behaviour: { execute: unknown; undo: unknown }): Problem[] {
  const options = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
  const { name, description, effect, approval = 'by-effect', behaviors = [], exclusive } = options;
  const label = `Tool ${JSON.stringify(name) ?? 'without a name'}`;
  const problems: Problem[] = [];
  const check = (fine: boolean, what: string, fix: string) => {
    if (!fine) problems.push({ code: 'TOOL_INVALID', message: `${label} ${what}.`, fix, details: { tool: name } });
  };
  check(
    typeof name === 'string' && NAME.test(name),
    'has a name that models refuse',
    'Use 1 to 64 of a-z, A-Z, 0-9, _ and -.',
  );
  check(!RESERVED.has(name as string), 'has a reserved name', `Choose another than ${[...RESERVED].join(', ')}.`);
  check(isText(description), 'has no description', 'Say what it does and when to use it.');
  check(
    isEffect(effect),
    'does not say what it does to the world',
    `Give effect: ${Object.values(ToolEffect).join(', ')}.`,
  );
  check(APPROVALS.includes(approval), 'has an approval that nobody knows', "Use 'required', 'never' or 'by-effect'.");
  check(
    Array.isArray(behaviors) && behaviors.every(isText),
    'has behaviors that are no list of names',
    'List execution modes.',
  );
  check(
    isAbsentOr(options.timeoutMs, (n) => Number.isFinite(n) && n > 0),
    'has a timeoutMs it cannot have',
    'Give milliseconds above 0.',
  );
  check(
    isAbsentOr(options.concurrency, (n) => Number.isSafeInteger(n) && n > 0),
    'has a concurrency it cannot have',
    'Give a whole number from 1.',
  );
  check(
    exclusive === undefined || isText(exclusive) || typeof exclusive === 'function',
    'has an exclusive that is no key',
    "Give a template such as 'file:{path}', or a function.",
  );
  check(typeof behaviour.execute === 'function', 'has nothing to run', 'Give it execute(input, ctx).');
  check(
    effect !== ToolEffect.Reversible || typeof behaviour.undo === 'function',
    'is reversible, but has no undo',
    'Give it undo(record, ctx), or another effect.',
  );
  for (const side of ['input', 'output'] as const) {
    if (side === 'output' && options.output === undefined) continue;
    const wrong = contractMistake(options[side]);
    check(
      wrong === null,
      `has no usable contract for its ${side}: ${wrong ?? ''}`,
      'Give a DTO class or a Standard Schema.',
    );
  }
  return problems;
}

function contractMistake(source: unknown): string | null {
  try {
    contractOf(source as never);
    return null;
  } catch (error) {
    return error instanceof StageflowError ? error.summary.replace(/\.$/, '') : 'it cannot be read';
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function isEffect(value: unknown): boolean {
  return (Object.values(ToolEffect) as unknown[]).includes(value);
}

function isAbsentOr(value: unknown, fits: (value: number) => boolean): boolean {
  return value === undefined || (typeof value === 'number' && fits(value));
}
