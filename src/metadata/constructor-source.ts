/** One parameter as the source of a constructor spells it. */
export interface SourceParameter {
  /** Undefined for a destructured parameter. */
  readonly name: string | undefined;
  /** It can be left out: it has a default value, or is a rest parameter. */
  readonly hasDefault: boolean;
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/u;
const WORD = /[\p{ID_Continue}$]+/uy;
const REGEX_MAY_FOLLOW = /(?:^|[([{,;=:!&|?+\-*%~^<>}]|\b(?:return|typeof|case|in|of|void|delete|await|yield))$/;

/**
 * The parameters of the constructor that the source of a class declares; undefined if it declares none of its own, or
 * only one that compilers add for fields and that hands everything to `super`. Emitted JavaScript has no types, so a
 * scanner that knows strings, comments, regular expressions and brackets is enough.
 */
export function readConstructorSource(target: Function): readonly SourceParameter[] | undefined {
  let parameters = known.get(target);
  if (parameters === undefined) {
    parameters = parseConstructor(target);
    known.set(target, parameters);
  }
  return parameters ?? undefined;
}

/** Decorators ask first, then whoever plans the application, and the source of a class does not change. */
const known = new WeakMap<Function, readonly SourceParameter[] | null>();

function parseConstructor(target: Function): readonly SourceParameter[] | null {
  const source = Function.prototype.toString.call(target);
  const open = source.startsWith('class') ? findConstructor(source) : source.indexOf('(');
  if (open < 0 || source.endsWith('{ [native code] }')) return null;
  const close = skipBrackets(source, open);
  const parameters = splitParameters(source, open + 1, close - 1).map(readParameter);
  return passesAllToSuper(source.slice(open, close), source.slice(close)) ? null : parameters;
}

/** Where the parameter list of `constructor(` opens in a class body; -1 if there is none. */
function findConstructor(source: string): number {
  let at = skipTo(source, 0, '{');
  let previous = '';
  for (at += 1; at > 0 && at < source.length; ) {
    const next = skipOpaque(source, at);
    if (next > at) {
      if (!isBlank(source, at)) previous = source.slice(at, next).at(-1) as string;
      at = next;
      continue;
    }
    WORD.lastIndex = at;
    const word = WORD.exec(source)?.[0];
    if (word === 'constructor' && /^[;{}]?$/.test(previous)) {
      const open = skipBlanks(source, at + word.length);
      if (source[open] === '(') return open;
    }
    previous = word ?? (source[at] as string);
    at += word?.length ?? 1;
  }
  return -1;
}

/** Compilers write this for a class with fields and no constructor of its own; the parent's parameters stand. */
function passesAllToSuper(parameters: string, body: string): boolean {
  const rest = /^\(\s*\.\.\.([\w$]+)\s*\)$/.exec(parameters)?.[1];
  const args = rest === undefined ? '...arguments' : `...${rest}`;
  if (rest === undefined && !/^\(\s*\)$/.test(parameters)) return false;
  const start = body.replace(/^\s*\{\s*/, '');
  return start.startsWith(`super(${args})`) || /^(?:return|var _this =) _super !== null && _super\.apply/.test(start);
}

/** The texts between top-level commas. */
function splitParameters(source: string, start: number, end: number): string[] {
  const parts: string[] = [];
  let text = '';
  for (let at = start; at < end; ) {
    const next = skipOpaque(source, at);
    if (next > at) {
      text += isBlank(source, at) ? ' ' : source.slice(at, next);
      at = next;
    } else if (source[at] === ',') {
      parts.push(text);
      text = '';
      at += 1;
    } else {
      text += source[at];
      at += 1;
    }
  }
  return text.trim() === '' ? parts : [...parts, text];
}

function readParameter(text: string): SourceParameter {
  const declared = text.trim();
  if (declared.startsWith('...')) return { name: IDENTIFIER.exec(declared.slice(3))?.[0], hasDefault: true };
  const name = IDENTIFIER.exec(declared)?.[0];
  const after = name === undefined ? declared.slice(skipBrackets(declared, 0)) : declared.slice(name.length);
  return { name, hasDefault: after.trimStart().startsWith('=') };
}

/** The position of `wanted` outside brackets, strings and comments. */
function skipTo(source: string, start: number, wanted: string): number {
  for (let at = start; at < source.length; ) {
    if (source[at] === wanted) return at;
    const next = skipOpaque(source, at);
    at = next > at ? next : at + 1;
  }
  return source.length;
}

/** The position after whatever at `at` must not be looked into: blanks, comments, literals, brackets. Else `at`. */
function skipOpaque(source: string, at: number): number {
  const char = source[at] as string;
  if (isBlank(source, at)) return skipBlanks(source, at);
  if (char === '"' || char === "'" || char === '`') return skipString(source, at, char);
  if (char === '(' || char === '[' || char === '{') return skipBrackets(source, at);
  if (char === '/' && REGEX_MAY_FOLLOW.test(source.slice(Math.max(0, at - 40), at).trimEnd())) {
    return skipRegex(source, at);
  }
  return at;
}

function isBlank(source: string, at: number): boolean {
  return /\s/.test(source[at] as string) || source.startsWith('//', at) || source.startsWith('/*', at);
}

function skipBlanks(source: string, start: number): number {
  let at = start;
  while (at < source.length && isBlank(source, at)) {
    if (source.startsWith('//', at)) at = endOf(source, '\n', at);
    else if (source.startsWith('/*', at)) at = endOf(source, '*/', at + 2);
    else at += 1;
  }
  return at;
}

function endOf(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found < 0 ? source.length : found + mark.length;
}

function skipString(source: string, start: number, quote: string): number {
  for (let at = start + 1; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === quote) return at + 1;
    else if (quote === '`' && source.startsWith('${', at)) at = skipBrackets(source, at + 1) - 1;
  }
  return source.length;
}

function skipRegex(source: string, start: number): number {
  let inClass = false;
  for (let at = start + 1; at < source.length; at += 1) {
    const char = source[at];
    if (char === '\\') at += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return at + 1;
    else if (char === '\n') return start + 1; // it was a division after all
  }
  return source.length;
}

/** The position after the bracket that closes the one at `start`. Counts, so depth costs no stack. */
function skipBrackets(source: string, start: number): number {
  let depth = 0;
  for (let at = start; at < source.length; ) {
    const char = source[at] as string;
    if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    else {
      const next = skipOpaque(source, at);
      at = next > at ? next : at + 1;
      continue;
    }
    at += 1;
    if (depth === 0) return at;
  }
  return source.length;
}
