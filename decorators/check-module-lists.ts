import { isToken } from '../src/metadata/index.js';
import { checkInterceptor } from './intercept.js';
import { describeValue, isClass, type Misuse } from './misuse.js';

interface ListRule {
  readonly accepts: (entry: unknown) => boolean;
  readonly expected: string;
}

const hasKey = (entry: unknown, key: string): boolean => typeof entry === 'object' && entry !== null && key in entry;
const isModuleLike = (entry: unknown): boolean => isClass(entry) || hasKey(entry, 'module');

/** Only the shape: what an entry means, and whether it fits the others, is for the container's plan. */
const RULES = {
  stages: {
    accepts: (entry) => isClass(entry) && typeof entry.prototype.execute === 'function',
    expected: 'a class with an execute method',
  },
  tools: { accepts: isClass, expected: 'a tool class' },
  imports: { accepts: isModuleLike, expected: 'a module class or a dynamic module' },
  providers: {
    accepts: (entry) => isClass(entry) || hasKey(entry, 'provide'),
    expected: 'a class or { provide, use… }',
  },
  exports: {
    accepts: (entry) => isModuleLike(entry) || (typeof entry !== 'function' && isToken(entry)),
    expected: 'a token or a module',
  },
} satisfies Record<string, ListRule>;

type Lists = { readonly [L in keyof typeof RULES | 'interceptors']?: unknown };

export function checkModuleLists(misuse: Misuse, options: Lists): void {
  for (const [option, rule] of Object.entries(RULES) as [keyof typeof RULES, ListRule][]) {
    eachEntry(misuse, option, options[option], (entry, where) => {
      if (!rule.accepts(entry)) misuse.addUnfit(entry, where, rule.expected);
    });
  }
  eachEntry(misuse, 'interceptors', options.interceptors, (entry, where) => checkInterceptor(misuse, entry, where));
}

function eachEntry(
  misuse: Misuse,
  option: string,
  list: unknown,
  check: (entry: unknown, where: string) => void,
): void {
  if (list === undefined) return;
  if (Array.isArray(list)) {
    // By index, since forEach would pass over a hole.
    for (let i = 0; i < list.length; i++) check(list[i], `entry ${i + 1} of ${option}`);
    return;
  }
  misuse.add(`has ${describeValue(list)} as ${option}.`, `\`${option}\` takes a list.`, { option });
}
