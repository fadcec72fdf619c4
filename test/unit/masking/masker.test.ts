import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Sensitive } from '../../../decorators/index.js';
import { Masker, MaskingRules, SecretValues, SensitivePaths } from '../../../src/masking/index.js';

const SECRET = 'hunter2-and-more';
/** A masker that has seen these secrets. */
function maskerFor(...secrets: (string | number | bigint)[]): Masker {
  const masker = new Masker();
  for (const secret of secrets) masker.collect({ password: secret });
  return masker;
}
const kept = (value: unknown) => expect(maskerFor(SECRET).mask(value)).toBe(value);

describe('a sensitive place', () => {
  it('is masked by the well-known name of its key', () => {
    const masked = new Masker().mask({
      user: 'ann',
      password: SECRET,
      headers: { Authorization: 'Bearer abc', host: 'h' },
    });
    expect(masked).toEqual({ user: 'ann', password: '[masked]', headers: { Authorization: '[masked]', host: 'h' } });
  });

  it('is masked whole, whatever stands there', () => {
    const values = {
      a: { token: 7 },
      b: { token: true },
      c: { token: ['x'] },
      d: { token: '' },
      e: new Map([['token', 'x']]),
    };
    expect(new Masker().mask(values)).toEqual({
      a: { token: '[masked]' },
      b: { token: '[masked]' },
      c: { token: '[masked]' },
      d: { token: '[masked]' },
      e: new Map([['token', '[masked]']]),
    });
  });

  it('that holds nothing, or is masked already, is left alone', () => {
    for (const value of [{ token: null }, { token: undefined }, { token: '[masked]' }]) {
      expect(new Masker().mask(value)).toBe(value);
    }
  });

  it('is found by a mark on the class, in instances and in plain data of that shape', () => {
    class Person {
      name = 'Ann';
      @Sensitive() nickname = 'annie-oakley';
    }
    const masker = new Masker();
    expect(masker.mask({ people: [new Person()] })).toEqual({ people: [{ name: 'Ann', nickname: '[masked]' }] });
    const plain = [{ ...new Person() }];
    expect(masker.mask(plain)).toBe(plain);
    expect(masker.mask(plain, { fieldsOf: Person })).toEqual([{ name: 'Ann', nickname: '[masked]' }]);
    masker.collect(plain, { fieldsOf: Person });
    expect(masker.maskText('hello annie-oakley')).toBe('hello [masked]');
  });

  it('is found by a path of the rules or of the call', () => {
    const masker = new Masker(new MaskingRules({ paths: ['user.email'], maskText: '***' }));
    const value = { user: { email: 'ann@example.org', phone: '555-1234' } };
    expect(masker.mask(value)).toEqual({ user: { email: '***', phone: '555-1234' } });
    const paths = SensitivePaths.of(['*.phone']);
    expect(masker.mask(value, { paths })).toEqual({ user: { email: '***', phone: '***' } });
    masker.collect(value, { paths });
    expect(masker.maskText('ann@example.org or 555-1234')).toBe('*** or ***');
  });
});

describe('a collected secret', () => {
  it('is masked wherever it turns up: alone, within a text, as a key, in maps, sets, and in lists', () => {
    const masked = maskerFor(SECRET).mask({
      [`by ${SECRET}`]: 1,
      list: [SECRET, `<${SECRET}>`],
      map: new Map<unknown, unknown>([[SECRET, { deep: SECRET }]]),
      set: new Set([SECRET, 'other']),
    });
    expect(masked).toEqual({
      'by [masked]': 1,
      list: ['[masked]', '<[masked]>'],
      map: new Map([['[masked]', { deep: '[masked]' }]]),
      set: new Set(['[masked]', 'other']),
    });
  });

  it('leaves what surrounds it where it was, several times and of several kinds (149)', () => {
    const masker = maskerFor(
      '555-123-4567',
      'ann@example.org',
      '3782 822463 10005',
      '+44 20 7946 0018',
      '０１２３-４５',
    );
    const text =
      'a ann@example.org b 555-123-4567 c 3782 822463 10005 d +44 20 7946 0018 e ０１２３-４５ f 555-123-4567 ok';
    expect(masker.maskText(text)).toBe('a [masked] b [masked] c [masked] d [masked] e [masked] f [masked] ok');
  });

  it.each([
    [
      'the longest of those that begin together',
      ['pass', 'password', 'pass phrase'],
      'a password b pass c',
      'a [masked] b [masked] c',
    ],
    ['one within another', ['bcde', 'abcdef'], 'xabcdefx xbcdex', 'x[masked]x x[masked]x'],
    ['those that overlap, together', ['abcde', 'defgh'], '<abcdefgh>', '<[masked]>'],
    ['those that touch, each', ['abcd', 'efgh'], 'abcdefgh', '[masked][masked]'],
    ['one that overlaps itself', ['aaaa'], 'aaaaaa b aaaa', '[masked] b [masked]'],
    ['characters that mean something to a regular expression', ['a.*(b|c)$'], 'xa.*(b|c)$x axxb', 'x[masked]x axxb'],
    ['characters beyond the basic plane', ['🔑🔑'], 'x🔑🔑x🔑', 'x[masked]x🔑'],
    ['a number', [4111111111111111], 'card 4111111111111111.', 'card [masked].'],
  ])('is found as %s', (_what, secrets, text, expected) => {
    expect(maskerFor(...secrets).maskText(text)).toBe(expected);
  });

  it.each([
    ['JSON', (secret: string) => JSON.stringify({ secret })],
    ['JSON within JSON', (secret: string) => JSON.stringify(JSON.stringify(secret))],
    ['a URL component', encodeURIComponent],
    ['a URL component in lower case', (secret: string) => encodeURIComponent(secret).toLowerCase()],
    ['a form', (secret: string) => new URLSearchParams({ secret }).toString()],
    ['base64', (secret: string) => btoa(secret)],
    ['base64 after one character', (secret: string) => btoa(`u${secret}`)],
    ['base64 within more', (secret: string) => btoa(`user:${secret}:x`)],
    ['base64 for URLs', (secret: string) => Buffer.from(`ab${secret}`).toString('base64url')],
  ])('is masked when written as %s', (_what, write) => {
    const secret = 'p "q"/r+s?\n~~~>>';
    const masker = maskerFor(secret, secret.toLowerCase());
    const masked = masker.maskText(`before ${write(secret)} after`);
    expect(masked).toMatch(/^before .*\[masked\].* after$/);
    expect(masked.length).toBeLessThan(`before ${write(secret)} after`.length);
  });

  it('is masked without the blanks around it', () => {
    expect(maskerFor(`${SECRET}\n`).maskText(`got ${SECRET}.`)).toBe('got [masked].');
  });

  it('is found in what toJSON gives, too', () => {
    const masker = new Masker();
    masker.collect({ login: { toJSON: () => ({ password: SECRET }) } });
    expect(masker.maskText(SECRET)).toBe('[masked]');
  });

  it('is masked in parts that travel alone', () => {
    const masker = new Masker();
    masker.collect({ authorization: 'Bearer eyJhbGciOi.J9', cookie: 'theme=dark; sid=s3ss10n-value' });
    masker.collect({
      proxyAuthorization: `Basic ${btoa('ann:opensesame')}`,
      connectionString: 'pg://ann:p%40ssw0rd@db/x',
    });
    const text = 'eyJhbGciOi.J9 s3ss10n-value dark opensesame p@ssw0rd';
    expect(masker.maskText(text)).toBe('[masked] [masked] dark [masked] [masked]');
  });

  it('is masked in numbers, which then are texts', () => {
    expect(maskerFor(123456789).mask({ n: 123456789, m: -1234567890, k: 5, b: 123456789n })).toEqual({
      n: '[masked]',
      m: '[masked]',
      k: 5,
      b: '[masked]',
    });
  });

  it('is masked in errors, which stay errors', () => {
    class Refused extends Error {
      readonly detail = { note: SECRET };
    }
    const error = new Refused(`no ${SECRET}`, { cause: new AggregateError([SECRET], SECRET) });
    const masked = maskerFor(SECRET).mask(error) as Refused;
    expect(masked).toBeInstanceOf(Refused);
    expect(masked.message).toBe('no [masked]');
    expect(masked.stack).toContain('no [masked]');
    expect(masked.stack).toContain('masker.test.ts');
    expect(masked.detail).toEqual({ note: '[masked]' });
    expect(masked.cause).toMatchObject({ message: '[masked]', errors: ['[masked]'] });
    expect(Object.keys(masked)).toEqual(['detail']);
    expect(error.message).toBe(`no ${SECRET}`);
  });

  it('leaves an error its texts when only one of its fields is sensitive', () => {
    const masked = new Masker().mask(Object.assign(new Error('refused'), { token: 'x' })) as Error;
    expect(masked.message).toBe('refused');
    expect(masked.stack).toContain('masker.test.ts');
    expect(masked).toMatchObject({ token: '[masked]' });
  });

  it('is masked in what toJSON gives, of errors too', () => {
    class Sealed {
      readonly #inside = SECRET;
      toJSON() {
        return { inside: this.#inside };
      }
    }
    class Failure extends Error {
      readonly #inside = SECRET;
      toJSON() {
        return { inside: this.#inside };
      }
    }
    const masker = maskerFor(SECRET);
    expect(masker.mask(new Sealed())).toEqual({ inside: '[masked]' });
    expect(JSON.stringify(masker.mask(new Failure('x')))).toBe('{"inside":"[masked]"}');
    expect(masker.mask(new URL(`https://h/?q=${SECRET}`))).toBe('https://h/?q=[masked]');
  });

  it.each([
    ['bytes', Buffer.from(`x${SECRET}`)],
    ['a boxed text', new String(SECRET)],
    ['a regular expression', new RegExp(SECRET)],
    ['a promise, which nobody can look into', Promise.resolve(1)],
    ['a symbol', Symbol(SECRET)],
    ['a function with fields', Object.assign(() => 1, { note: SECRET })],
  ])('is masked in %s', (_what, value) => {
    const { a } = maskerFor(SECRET).mask({ a: value }) as { a: string };
    expect(a).toContain('[masked]');
    expect(a).not.toContain(SECRET);
  });

  it('is masked in headers, and beside the items of a match', () => {
    const masker = maskerFor(SECRET);
    expect(masker.mask(new Headers({ host: 'h', 'x-api-key': 'k' }))).toEqual([
      ['host', 'h'],
      ['x-api-key', '[masked]'],
    ]);
    expect(masker.mask(new URLSearchParams({ q: SECRET }))).toEqual([['q', '[masked]']]);
    const match = /hunter/.exec(SECRET) as RegExpExecArray;
    expect(masker.mask(match)).toEqual(['hunter']);
    expect(Object.keys(masker.mask(match) as object)).toEqual(['0']);
  });

  it('keeps two keys that are masked alike, and a key named __proto__', () => {
    const value = JSON.parse(`{"${SECRET}":1,"<${SECRET}>":2,"__proto__":{"x":"${SECRET}"}}`);
    const masked = maskerFor(SECRET, `<${SECRET}>`).mask(value);
    expect(JSON.stringify(masked)).toBe('{"[masked]":1,"[masked] (2)":2,"__proto__":{"x":"[masked]"}}');
    expect(Object.getPrototypeOf(masked)).toBe(Object.prototype);
    const map = maskerFor('aaaa', 'bbbb').mask(new Map(Object.entries({ aaaa: 1, bbbb: 2 })));
    expect([...(map as Map<unknown, unknown>).values()]).toEqual([1, 2]);
  });
});

describe('what is not searched for', () => {
  it('is short, blank or everywhere, and still masked in its place', () => {
    const masker = maskerFor('abc', '    ', 'true', 'null', 12);
    expect(masker.values.isEmpty).toBe(true);
    const text = 'abc true null 12';
    expect(masker.maskText(text)).toBe(text);
    expect(masker.mask({ password: 'abc', text })).toEqual({ password: '[masked]', text });
  });

  it('is too much: counted, and still masked in its place', () => {
    const masker = new Masker(MaskingRules.standard, new SecretValues({ maxValues: 1 }));
    masker.collect([{ token: 'first-one' }, { token: 'second-one' }, { token: 'first-one' }]);
    expect([masker.values.size, masker.values.missed]).toEqual([1, 1]);
    expect(masker.mask({ token: 'second-one', text: 'first-one' })).toEqual({ token: '[masked]', text: '[masked]' });
    const small = new SecretValues({ maxCharacters: 20 });
    small.add('a secret of 30 characters.....');
    expect([small.size, small.missed]).toEqual([0, 1]);
  });

  it('is too long for anybody to write it down twice', () => {
    const values = new SecretValues();
    values.add('x'.repeat(20_000));
    expect([values.size, values.missed]).toEqual([0, 1]);
  });

  it('is part of the mask', () => {
    expect(maskerFor('masked').maskText('masked')).toBe('masked');
  });

  it.each([{ maxValues: -1 }, { maxValues: 1.5 }, { maxCharacters: Number.NaN }])(
    'cannot be bounded by %o',
    (limits) => {
      expect(() => new SecretValues(limits)).toThrow(expect.objectContaining({ code: 'MASKING_OPTION_INVALID' }));
    },
  );
});

describe('what holds no secret', () => {
  it.each([
    ['a text', 'plain'],
    ['nested data', { a: [1, { b: null }], c: new Date(0), d: undefined, e: Number.NaN }],
    ['maps and sets', { m: new Map([[1, { a: 'b' }]]), s: new Set(['x']) }],
    ['an error', new Error('plain')],
    ['bytes', new Uint8Array([1, 2, 3])],
    ['something with toJSON', new URL('https://example.org/')],
    ['a function and a symbol', { f: () => 1, s: Symbol('s') }],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
  ])('comes back as it is: %s', (_what, value) => kept(value));

  it('comes back as it is even if it is circular', () => {
    const value: Record<string, unknown> = { list: [] };
    value.self = value;
    (value.list as unknown[]).push(value);
    kept(value);
  });

  it('is shared with the copy of what surrounds it', () => {
    const clean = { deep: [1, 2, 3] };
    const value = { clean, dirty: SECRET };
    const masked = maskerFor(SECRET).mask(value) as typeof value;
    expect(masked.clean).toBe(clean);
    expect(value.dirty).toBe(SECRET);
  });
});

describe('masking fails closed', () => {
  it('keeps the shape of circles and of what is shared', () => {
    const shared = { note: SECRET };
    const value: Record<string, unknown> = { a: shared, b: shared, set: new Set([shared]) };
    value.self = value;
    value.map = new Map([['up', value]]);
    const masked = maskerFor(SECRET).mask(value) as typeof value;
    expect(masked.self).toBe(masked);
    expect((masked.map as Map<string, unknown>).get('up')).toBe(masked);
    expect(masked.a).toEqual({ note: '[masked]' });
    expect(masked.b).toBe(masked.a);
    expect((masked.set as Set<unknown>).has(masked.a)).toBe(true);
  });

  const handler: ProxyHandler<object> = {
    ownKeys: () => ['a', 'b'],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }),
    get: (_target, key) => (key === 'a' || key === 'b' ? new Proxy({}, handler) : undefined),
  };
  const throwing = new Proxy(
    {},
    Object.fromEntries(
      Reflect.ownKeys(Reflect).map((trap) => [
        trap,
        () => {
          throw new Error(SECRET);
        },
      ]),
    ) as ProxyHandler<object>,
  );
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  let deep: unknown = SECRET;
  for (let level = 0; level < 50_000; level++) deep = [deep];

  it.each([
    [
      'a getter that throws',
      Object.defineProperty({ ok: 1 }, 'x', {
        enumerable: true,
        get() {
          throw new Error(SECRET);
        },
      }),
    ],
    [
      'toJSON that throws',
      {
        toJSON() {
          throw new Error(SECRET);
        },
      },
    ],
    ['a proxy that throws', throwing],
    ['a revoked proxy', revoked.proxy],
    ['an array without end', new Array(4_294_967_295)],
    ['too many levels', deep],
  ])('by the mask instead of %s', (_what, value) => {
    const masker = maskerFor(SECRET);
    masker.collect({ value, password: value });
    const masked = masker.mask({ before: 1, value, after: SECRET }) as Record<string, unknown>;
    expect(masked.before).toBe(1);
    expect(masked.after).toBe('[masked]');
    expect(JSON.stringify(masked.value)).toContain('[masked]');
    expect(JSON.stringify(masked.value)).not.toContain(SECRET);
  });

  it('by a copy of what a proxy shows, and nothing of what is behind it', () => {
    const behind = new Proxy({ note: SECRET }, { get: () => 'x', ownKeys: () => [] });
    const masked = maskerFor(SECRET).mask([behind, new Proxy(new Map([[SECRET, 1]]), {}), new Proxy([SECRET, 1], {})]);
    expect(inspect(masked)).toBe("[ {}, {}, [ '[masked]', 1 ] ]");
  });

  it('ends in a value without end', () => {
    const masker = maskerFor(SECRET);
    expect(masker.mask(new Proxy({}, handler))).toBeDefined();
    masker.collect(new Proxy({}, handler));
    expect(masker.values.missed).toBeGreaterThan(0);
  });

  it('keeps fields fields', () => {
    expect(maskerFor(SECRET).maskFields({ note: SECRET })).toEqual({ note: '[masked]' });
    expect(maskerFor(SECRET).maskFields(throwing as Record<string, unknown>)).toEqual({ fields: '[masked]' });
  });
});
