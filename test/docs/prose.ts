/** A link as written on a page. */
export interface Link {
  readonly target: string;
  readonly line: number;
}

export interface Heading {
  readonly text: string;
  readonly line: number;
}

/** The links of a page, and what looks like a link but is none. */
export interface Links {
  readonly links: readonly Link[];
  readonly malformed: readonly Link[];
}

const INLINE =
  /!?\[((?:[^[\]]|\[[^[\]]*\])*)\]\(\s*(<[^>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/g;
const DEFINITION = /^ {0,3}\[([^\]]+)\]:\s*(<[^>\n]*>|\S+)/gm;
const REFERENCE = /\[([^[\]]+)\]\[([^[\]]*)\]/g;
const TAG = /<(?:a|img|source|video)\b[^>]*?\b(?:href|src)\s*=\s*["']([^"']*)["']/gi;
const AUTOLINK = /<([a-z][a-z0-9+.-]*:[^\s<>]*)>/gi;

/** Finds every link in prose: inline, image, reference, HTML and automatic ones. Code spans and comments are no prose. */
export function findLinks(prose: string): Links {
  const text = withoutCode(withoutComments(prose));
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  const links: Link[] = [];
  const malformed: Link[] = [];
  const add = (target: string, offset: number) =>
    links.push({ target: target.replace(/^<(.*)>$/, '$1'), line: lineAt(offset) });

  const consumed = inline(text, 0, add);
  for (const match of text.matchAll(/\]\(/g)) {
    if (!consumed.some(([from, to]) => match.index >= from && match.index < to)) {
      malformed.push({ target: text.slice(match.index + 1).split('\n')[0] ?? '', line: lineAt(match.index) });
    }
  }
  const defined = new Set<string>();
  for (const match of text.matchAll(DEFINITION)) {
    defined.add((match[1] ?? '').toLowerCase());
    add(match[2] ?? '', match.index);
  }
  for (const match of text.matchAll(REFERENCE)) {
    const name = match[2] || match[1] || '';
    if (!defined.has(name.toLowerCase())) malformed.push({ target: match[0], line: lineAt(match.index) });
  }
  for (const match of text.matchAll(TAG)) add(match[1] ?? '', match.index);
  for (const match of text.matchAll(AUTOLINK)) add(match[1] ?? '', match.index);
  return { links, malformed };
}

/** Also descends into labels: a badge is an image inside a link. */
function inline(text: string, base: number, add: (target: string, offset: number) => void): [number, number][] {
  const consumed: [number, number][] = [];
  for (const match of text.matchAll(INLINE)) {
    const start = base + match.index;
    add(match[2] ?? '', start);
    consumed.push([start, start + match[0].length]);
    inline(match[1] ?? '', start + match[0].indexOf('[') + 1, add);
  }
  return consumed;
}

/** The headings of a page, `#` and underlined ones. */
export function findHeadings(prose: string): Heading[] {
  const lines = withoutComments(prose).split('\n');
  const headings: Heading[] = [];
  lines.forEach((line, index) => {
    const atx = /^ {0,3}#{1,6}(?:\s+(.*?))?(?:\s+#+)?\s*$/.exec(line);
    const underlined = /^\S/.test(line) && /^(?:=+|-{2,})\s*$/.test(lines[index + 1] ?? '') && !/^[-*+>|]/.test(line);
    if (atx !== null) headings.push({ text: atx[1] ?? '', line: index + 1 });
    else if (underlined) headings.push({ text: line.trim(), line: index + 1 });
  });
  return headings;
}

/** Every fragment that a link to this page may name: heading slugs as GitHub makes them, and explicit ids. */
export function findAnchors(prose: string): Set<string> {
  const anchors = new Set<string>();
  const used = new Map<string, number>();
  for (const { text } of findHeadings(prose)) {
    const base = slug(text);
    let unique = base;
    for (let count = used.get(base) ?? 0; used.has(unique); unique = `${base}-${count}`) used.set(base, ++count);
    used.set(unique, 0);
    anchors.add(unique);
  }
  for (const match of withoutCode(prose).matchAll(/<[a-z][^>]*?\b(?:id|name)\s*=\s*["']([^"']+)["']/gi)) {
    anchors.add(match[1] ?? '');
  }
  return anchors;
}

/** The plain text of a heading: no markup, no code marks. */
export function plainText(heading: string): string {
  return heading
    .split(/(`+[^`]*`+)/)
    .map((part, index) => (index % 2 === 1 ? part.replaceAll('`', '') : withoutMarkup(part)))
    .join('')
    .trim();
}

function slug(heading: string): string {
  return plainText(heading)
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}

function withoutMarkup(text: string): string {
  return text
    .replace(/<[^>]*>/g, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(?<!\w)_+([^_]+)_+(?!\w)/g, '$1')
    .replaceAll('*', '');
}

const blank = (text: string) => text.replace(/[^\n]/g, ' ');

function withoutComments(text: string): string {
  return text.replace(/<!--[\s\S]*?-->/g, blank);
}

function withoutCode(text: string): string {
  return text.replace(/(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, blank);
}
