const SCHEME = /^(?:basic|bearer|token|apikey|negotiate)\s+(\S.*)$/i;
const COOKIE = /(?:^|;\s*)[^=;\s]+=([^;]+)/g;
const USER_INFO = /^[a-z][\w+.-]*:\/\/[^/?#@\s:]*:([^/?#@\s]+)@/i;
/** Cookies also hold `theme=dark`. */
const SHORTEST_COOKIE = 8;

/**
 * The secrets within a secret: the credential behind `Bearer `, the values of a cookie header, the password of a URL.
 * They travel alone as well.
 */
export function credentialParts(text: string): string[] {
  const parts: string[] = [];
  const credential = SCHEME.exec(text)?.[1];
  if (credential !== undefined) {
    parts.push(credential);
    if (/^basic\s/i.test(text)) parts.push(...basicParts(credential));
    return parts;
  }
  const password = USER_INFO.exec(text)?.[1];
  if (password !== undefined) parts.push(password, decoded(password));
  else for (const [, value = ''] of text.matchAll(COOKIE)) if (value.length >= SHORTEST_COOKIE) parts.push(value);
  return parts;
}

function basicParts(credential: string): string[] {
  const pair = Buffer.from(credential, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon === -1 ? [] : [pair, pair.slice(colon + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
