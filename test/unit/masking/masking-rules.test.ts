import { describe, expect, it } from 'vitest';
import { Masker, MaskingRules, SensitivePaths, WELL_KNOWN_SECRET_NAMES } from '../../../src/masking/index.js';

const untyped = (value: unknown): never => value as never;

describe('well-known names', () => {
  const rules = MaskingRules.standard;

  it.each([
    'password',
    'PASSWORD',
    'dbPassword',
    'password2',
    'passwordConfirmation',
    'x-api-key',
    'API_KEY',
    'APIKey',
    'apikey',
    'stripeApiKeyProd',
    'accessToken',
    'ACCESS_TOKEN',
    'id token',
    'Set-Cookie',
    'client_secret',
    'privateKeyPem',
    'Authorization',
    'SSN',
  ])('match %s', (key) => {
    expect(rules.isSensitiveName(key)).toBe(true);
  });

  it.each([
    'tokens',
    'tokenizer',
    'maxTokens',
    'tokenCount',
    'token_type',
    'passwordPolicy',
    'tokenExpiresIn',
    'secretary',
    'keyboard',
    'key',
    'author',
    'session',
    'classname',
    'lessness',
    '',
    '12',
    'constructor',
    '__proto__',
  ])('do not match %s', (key) => {
    expect(rules.isSensitiveName(key)).toBe(false);
  });

  it('match keys of any length and number', () => {
    expect(rules.isSensitiveName(`password${'x'.repeat(100_000)}`)).toBe(false);
    expect(rules.isSensitiveName(`password_${'x'.repeat(100_000)}`)).toBe(true);
    for (let index = 0; index < 10_000; index++) rules.isSensitiveName(`key-${index}-password`);
    expect(rules.isSensitiveName('key-1-password')).toBe(true);
  });

  it('can be added to, allowed, and left out', () => {
    const added = new MaskingRules({ names: ['badge number', 'Личный код'], allowedNames: ['csrf-token'] });
    const keys = ['badgeNumber', 'BADGE_NUMBER', 'личныйКод', 'csrfToken', 'csrf_token', 'token', 'badge'];
    expect(keys.map((key) => added.isSensitiveName(key))).toEqual([true, true, true, false, false, true, false]);
    const bare = new MaskingRules({ wellKnownNames: false, names: ['badge'] });
    expect(WELL_KNOWN_SECRET_NAMES.filter((name) => bare.isSensitiveName(name))).toEqual([]);
    expect(bare.isSensitiveName('badge')).toBe(true);
  });

  it('are matched by what is allowed, but marks and paths are not', () => {
    const rules = new MaskingRules({ allowedNames: ['token'], paths: ['a.token'] });
    expect(new Masker(rules).mask({ token: 'x', a: { token: 'x' } })).toEqual({ token: 'x', a: { token: '[masked]' } });
  });
});

describe('options of the rules', () => {
  it.each([
    ['names[1]', { names: ['a', ' - '] }],
    ['names', { names: untyped('password') }],
    ['allowedNames[0]', { allowedNames: [untyped(1)] }],
    ['maskText', { maskText: ' ' }],
  ])('are refused by name: %s', (option, options) => {
    expect(() => new MaskingRules(options)).toThrow(
      expect.objectContaining({ code: 'MASKING_OPTION_INVALID', details: { option } }),
    );
  });
});

describe('a path to sensitive data', () => {
  const value = {
    user: { email: 'e', name: 'n' },
    cards: [{ number: '1', x: [{ number: '2' }] }, { number: '3' }],
    a: { token1: 't', b: { ssn: 's', 'x.key': 'k' } },
    ssn: 'top',
    '*': 'star',
    map: new Map<unknown, unknown>([[1, { ssn: 'in a map' }]]),
  };
  /** The texts that are gone, in order. */
  const maskedBy = (...paths: string[]) => {
    const left = textsOf(new Masker(new MaskingRules({ paths, wellKnownNames: false })).mask(value));
    return textsOf(value).filter((text) => !left.includes(text));
  };

  it.each([
    [['user.email'], ['e']],
    [['user'], ['e', 'n']],
    [['cards[*].number'], ['1', '3']],
    [['cards.*.number'], ['1', '3']],
    [['cards[1].number'], ['3']],
    [['cards.1.number'], ['3']],
    [['**.number'], ['1', '2', '3']],
    [['cards.**.number'], ['1', '2', '3']],
    [['**.ssn'], ['s', 'top', 'in a map']],
    [['**.**.ssn'], ['s', 'top', 'in a map']],
    [['map.1.ssn'], ['in a map']],
    [['*.token1'], ['t']],
    [['a.b["x.key"]'], ['k']],
    [["a['b'].ssn"], ['s']],
    [['["*"]'], ['star']],
    [
      ['user.email', 'cards[1]'],
      ['e', '3'],
    ],
    [['User.email', 'user.mail', 'email'], []],
  ])('%j finds it', (paths, texts) => {
    expect(maskedBy(...paths)).toEqual(texts);
  });

  it('is followed around circles', () => {
    const node: Record<string, unknown> = { secret: 'x' };
    node.next = node;
    const masked = new Masker(new MaskingRules({ paths: ['next.next.secret'], wellKnownNames: false })).mask(
      node,
    ) as Record<string, never>;
    expect(masked.secret).toBe('x');
    expect(masked.next).toMatchObject({ secret: 'x', next: { secret: '[masked]', next: { secret: 'x' } } });
  });

  it('costs no more for many stars', () => {
    const stars = SensitivePaths.of(['**.a.**.a.**.a.**.b', '**.*.**.*.**.c']);
    let deep: unknown = { b: 'x' };
    for (let level = 0; level < 100; level++) deep = { a: deep, d: deep };
    let masked = new Masker().mask(deep, { paths: stars }) as { a: never };
    for (let level = 0; level < 100; level++) masked = masked.a;
    expect(masked).toEqual({ b: '[masked]' });
  });

  it.each([
    ['cards[*.number', 'at character 6'],
    ['a..b', 'at character 2'],
    ['.a', 'at character 1'],
    ['a.', 'at character 2'],
    ['a b', 'at character 2'],
    ['to*en', 'at character 3'],
    ['a[x]', 'at character 2'],
    ['', 'is empty'],
    ['a.**', 'ends in **'],
    [untyped(7), 'must be a string'],
  ])('%j is refused', (pattern, text) => {
    expect(() => new MaskingRules({ paths: [pattern] })).toThrow(
      expect.objectContaining({ code: 'MASKING_PATH_INVALID', summary: expect.stringContaining(text) }),
    );
  });
});

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Map) return [...value.values()].flatMap(textsOf);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
