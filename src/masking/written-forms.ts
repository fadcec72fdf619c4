import { Buffer } from 'node:buffer';

/** Shorter stretches of base64 would be found in anything. */
const SHORTEST_BASE64 = 8;
const URL_SAFE = /^[\w.*-]*$/;

/** The ways in which a secret may be written: as it is, trimmed, in JSON, in a URL, in base64. */
export function writtenForms(secret: string): string[] {
  const plain = [secret, secret.trim()];
  return [...new Set([...plain, ...plain.flatMap((text) => [...inJson(text), ...inUrls(text), ...inBase64(text)])])];
}

/** JSON within JSON included, which is how a log line carries a response body. */
function inJson(text: string): string[] {
  const once = JSON.stringify(text).slice(1, -1);
  return once === text ? [] : [once, JSON.stringify(once).slice(1, -1)];
}

function inUrls(text: string): string[] {
  if (URL_SAFE.test(text)) return [];
  const form = new URLSearchParams({ '': text }).toString().slice(1);
  const percent = form.replaceAll('+', '%20');
  // Unlike a form, a component keeps !'()~* as they are. Half a surrogate pair would make it throw.
  const component = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
  const upper = [form, percent, component];
  return [...upper, ...upper.map((encoded) => encoded.replace(/%../g, (unit) => unit.toLowerCase()))];
}

/**
 * The secret alone, and the stretches that stay the same wherever it stands in a longer text (base64 works on groups of
 * three bytes, so there are three of them): `user:password` in a Basic header holds one.
 */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const stretches = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const whole = Math.floor(((shift + bytes.length) * 8) / 6);
    return encoded.slice(Math.ceil((shift * 8) / 6), whole);
  });
  const alone = bytes.toString('base64').replace(/=+$/, '');
  const usable = [alone, ...stretches].filter((stretch) => stretch.length >= SHORTEST_BASE64);
  return usable.flatMap((stretch) => [stretch, stretch.replaceAll('+', '-').replaceAll('/', '_')]);
}
