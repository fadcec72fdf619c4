/**
 * Names whose values are masked unless the rules say otherwise. They match whole words of a key, whatever its case and
 * separators: `apiKey` covers `API_KEY`, `x-api-key` and `stripeApiKey`, `token` covers neither `tokens` nor `tokenizer`.
 */
export const WELL_KNOWN_SECRET_NAMES: readonly string[] = Object.freeze([
  ...['password', 'passwords', 'passwd', 'pwd', 'passphrase', 'passcode', 'pin code', 'otp', 'totp'],
  ...['secret', 'secrets', 'secret key', 'client secret', 'credential', 'credentials'],
  ...['token', 'access token', 'access tokens', 'refresh token', 'refresh tokens', 'id token', 'jwt', 'bearer'],
  ...['api key', 'api keys', 'access key', 'private key', 'private keys', 'signing key', 'encryption key', 'ssh key'],
  ...['authorization', 'cookie', 'cookies', 'connection string', 'session key'],
  ...['ssn', 'social security number', 'card number', 'credit card', 'cvv', 'cvc', 'iban'],
]);

/** A key that ends in one of these speaks about a secret and does not hold it: `tokenCount`, `passwordPolicy`. */
const DESCRIBING = new Set(
  'count counts type length size limit limits budget usage name at in ttl expiry policy required enabled valid'.split(
    ' ',
  ),
);
const WORDS = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|[\p{Lo}\p{Lt}\p{Lm}]+/gu;
/** Keys are data, and may be of any length and number: what is remembered about them is bounded. */
const LONGEST_KEY = 128;
const MOST_REMEMBERED_KEYS = 4096;
const MOST_WORDS = 12;

/** Whether keys name a secret. Remembers its answers, so that a key costs one look-up after the first time. */
export class SecretNames {
  readonly #given: { readonly names: readonly string[]; readonly allowed: readonly string[] };
  /** Made when first asked: reading names needs tables of Unicode, which no import should have to wait for. */
  #read: { readonly names: ReadonlySet<string>; readonly allowed: ReadonlySet<string> } | null = null;
  readonly #answers = new Map<string, boolean>();

  constructor(names: readonly string[], allowed: readonly string[]) {
    this.#given = { names, allowed };
  }

  has(key: string): boolean {
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const answer = this.#find(wordsOf(key.slice(0, LONGEST_KEY)));
    if (key.length > LONGEST_KEY) return answer;
    if (this.#answers.size >= MOST_REMEMBERED_KEYS) this.#answers.clear();
    this.#answers.set(key, answer);
    return answer;
  }

  #find(words: readonly string[]): boolean {
    this.#read ??= { names: joinedSet(this.#given.names), allowed: joinedSet(this.#given.allowed) };
    const { names, allowed } = this.#read;
    const whole = words.join('');
    if (allowed.has(whole)) return false;
    if (names.has(whole)) return true;
    if (DESCRIBING.has(words.at(-1) ?? '')) return false;
    return words.some((_, start) => {
      let phrase = '';
      return words.slice(start, start + MOST_WORDS).some((word) => {
        phrase += word;
        return names.has(phrase);
      });
    });
  }
}

/** `x-API_key2` is x, api, key. */
export function wordsOf(key: string): string[] {
  return key.match(WORDS)?.map((word) => word.toLowerCase()) ?? [];
}

function joinedSet(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => wordsOf(name).join('')));
}
