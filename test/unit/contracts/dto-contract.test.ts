import 'reflect-metadata';
import { createRequire } from 'node:module';
import { Expose, Transform, Type } from 'class-transformer';
import {
  Allow,
  IsInstance,
  IsOptional,
  IsString,
  registerDecorator,
  Validate,
  ValidateIf,
  ValidateNested,
  ValidatorConstraint,
} from 'class-validator';
import { describe, expect, it } from 'vitest';
import { contractOf, nameContract, UnknownKeys } from '../../../src/contracts/index.js';
import { AnythingDto, AuthorDto, PageDto, page, TagDto } from './dtos.js';
import { handedOn, issuesOf, linesOf } from './results.js';

const pages = contractOf(PageDto);

describe('a DTO class as contract', () => {
  it('hands on an instance, nested ones and dates included', () => {
    const value = handedOn(pages.check(page()));
    expect(value).toBeInstanceOf(PageDto);
    expect(value.author.shout()).toBe('ADA');
    expect(value.tags.map((tag) => tag instanceof TagDto)).toEqual([true, true]);
    expect(value.at).toEqual(new Date('2024-05-01'));
  });

  it('is the same contract each time, and is one itself', () => {
    expect(contractOf(PageDto)).toBe(pages);
    expect(contractOf(pages)).toBe(pages);
    expect(pages).toMatchObject({ name: 'PageDto', version: null, model: PageDto });
  });

  it('says what is missing and what has the wrong type, with its path', () => {
    const { title: _, ...rest } = page();
    const wrong = {
      ...rest,
      size: '3',
      at: 'soon',
      author: { name: 'A' },
      tags: [{ label: 'a' }, { label: 4 }],
      words: ['a', 5],
    };
    expect(issuesOf(pages.check(wrong)).map(({ path, constraint, received }) => [path, constraint, received])).toEqual([
      ['title', 'isString', 'undefined'],
      ['size', 'max', 'string'],
      ['size', 'min', 'string'],
      ['size', 'isInt', 'string'],
      ['at', 'isDate', 'Invalid Date'],
      ['author.name', 'minLength', 'string'],
      ['tags[1].label', 'isString', 'number'],
      ['words[1]', 'isString', 'number'],
    ]);
  });

  it.each([
    [null, 'null'],
    [undefined, 'undefined'],
    ['text', 'string'],
    [[], 'array'],
    [() => {}, 'function'],
  ])('refuses %s as a whole', (value, received) => {
    expect(issuesOf(pages.check(value))).toEqual([
      { path: '', constraint: 'object', message: 'must be an object', received },
    ]);
  });

  it('refuses null and holes among nested objects', () => {
    expect(linesOf(pages.check({ ...page(), author: null }))).toEqual(['author: must be either object or array']);
    // biome-ignore lint/suspicious/noSparseArray: the hole is the case
    const tags = [{ label: 'a' }, , { label: 'b' }];
    expect(linesOf(pages.check({ ...page(), tags }))).toEqual(['tags[1]: must be either object or array']);
  });

  it('refuses one object for a list, a list for one, and text for a list of texts', () => {
    const wrong = { ...page(), author: [{ name: 'Ada' }], words: 'abc' };
    expect(linesOf(pages.check(wrong))).toEqual(['author: must not be a list', 'words: must be a list']);
    class Holder {
      @ValidateNested({ each: true }) @Type(() => TagDto) tags!: TagDto[];
      @IsString({ each: true }) either!: string | string[];
    }
    expect(linesOf(contractOf(Holder).check({ tags: { label: 'a' }, either: 'a' }))).toEqual(['tags: must be a list']);
  });

  it('takes an instance as it is, and hands on the same one', () => {
    const instance = Object.assign(new AuthorDto(), { name: 'Ada', note: 'undeclared' });
    expect(handedOn(contractOf(AuthorDto).check(instance))).toBe(instance);
    expect(instance).toHaveProperty('note');
    expect(linesOf(contractOf(AuthorDto).check(Object.assign(new AuthorDto(), { name: 'A' })))).toHaveLength(1);
  });

  it('takes instances inside of a plain object', () => {
    const author = Object.freeze(Object.assign(new AuthorDto(), { name: 'Ada' }));
    expect(handedOn(pages.check({ ...page(), author })).author).toEqual({ name: 'Ada' });
  });

  it('treats undefined as missing where a field is optional', () => {
    expect(handedOn(contractOf(AuthorDto).check({ name: 'Ada', email: undefined })).email).toBeUndefined();
  });
});

describe('keys that the DTO does not name', () => {
  it('are left out, nested ones too', () => {
    const value = handedOn(pages.check({ ...page(), more: 1, author: { name: 'Ada', more: 2 } }));
    expect([...Object.keys(value), ...Object.keys(value.author)]).not.toContain('more');
  });

  it('are refused or kept where the class says so', () => {
    class StrictDto {
      @IsString() a!: string;
      @IsOptional() @ValidateNested() @Type(() => TagDto) tag?: TagDto;
    }
    nameContract(StrictDto, { name: 'strict', version: 1 }, UnknownKeys.Refuse);
    const strict = contractOf(StrictDto);
    expect(linesOf(strict.check({ a: '', b: 1, tag: { label: '', 'odd key': 2 } }))).toEqual([
      'b: is not a key of the contract',
      'tag["odd key"]: is not a key of the contract',
    ]);
    expect(linesOf(strict.check(Object.assign(new StrictDto(), { a: '', b: 1 })))).toHaveLength(1);

    class OpenDto {
      @IsString() a!: string;
    }
    nameContract(OpenDto, { name: 'open', version: 1 }, UnknownKeys.Keep);
    expect(handedOn(contractOf(OpenDto).check({ a: '', b: { c: 1 } }))).toEqual({ a: '', b: { c: 1 } });
  });

  it('never reach a prototype', () => {
    const value = JSON.parse('{"value":{"__proto__":{"admin":true},"constructor":"x"},"__proto__":{"admin":true}}');
    const checked = handedOn(contractOf(AnythingDto).check(value)) as { admin?: boolean; value: { admin?: boolean } };
    expect([checked.admin, checked.value.admin, ({} as { admin?: boolean }).admin]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

class Shape {
  @IsString() kind!: string;
}
class Circle extends Shape {
  @Allow() radius!: number;
}
class DrawingDto {
  @ValidateNested({ each: true })
  @Type(() => Shape, {
    discriminator: { property: 'type', subTypes: [{ name: 'circle', value: Circle }] },
  })
  shapes!: Shape[];
}

describe('the value that is checked', () => {
  it('is not changed, not even where class-transformer deletes discriminators', () => {
    const value = { shapes: [{ type: 'circle', kind: 'k', radius: 2 }] };
    for (const part of [value, value.shapes, ...value.shapes]) Object.freeze(part);
    expect(handedOn(contractOf(DrawingDto).check(value)).shapes[0]).toBeInstanceOf(Circle);
    expect(value.shapes[0]).toEqual({ type: 'circle', kind: 'k', radius: 2 });
  });

  it('is not changed where it holds instances that are handed on as they are', () => {
    class Holder {
      @ValidateNested() kept!: TagDto;
      @ValidateNested() @Transform(({ value }) => value) passed!: TagDto;
      @ValidateNested() @Type(() => TagDto) made!: TagDto;
    }
    const tag = () => Object.freeze(Object.assign(new TagDto(), { label: 'a', more: 1 }));
    const value = { kept: tag(), passed: tag(), made: tag() };
    const checked = handedOn(contractOf(Holder).check(value));
    expect(checked.kept).toBe(value.kept);
    expect(checked.kept).toEqual({ label: 'a', more: 1 });
    expect(checked.made).toEqual({ label: 'a' });
    expect(value.passed).toEqual({ label: 'a', more: 1 });
  });

  it('keeps what class-transformer would rebuild from keys', () => {
    const kept = {
      bytes: new Uint8Array([1, 2]),
      url: new URL('https://a.example'),
      set: new Set([1]),
      map: new Map([[1, 2]]),
    };
    const { value } = handedOn(contractOf(AnythingDto).check({ value: { list: [kept] } })) as {
      value: { list: [typeof kept] };
    };
    for (const key of Object.keys(kept) as (keyof typeof kept)[]) expect(value.list[0][key]).toBe(kept[key]);
  });

  it('may not hold itself', () => {
    const loop: Record<string, unknown> = { list: [] };
    (loop.list as unknown[]).push(loop);
    expect(linesOf(contractOf(AnythingDto).check({ value: loop }))).toEqual(['value.list[0]: holds itself']);
  });

  it('may share parts, and an instance may refer to itself', () => {
    const shared = { a: 1 };
    expect(handedOn(contractOf(AnythingDto).check({ value: [shared, shared] })).value).toEqual([shared, shared]);
    class Linked {
      @ValidateNested() next!: Linked;
    }
    const linked = new Linked();
    linked.next = linked;
    expect(handedOn(contractOf(Linked).check(linked))).toBe(linked);
  });

  it('is refused where making an instance of it throws', () => {
    class Picky {
      @Allow()
      @Transform(() => {
        throw new RangeError('secret');
      })
      a!: unknown;
    }
    expect(linesOf(contractOf(Picky).check({ a: 1 }))).toEqual([
      ': cannot be made an instance: RangeError was thrown on the way',
    ]);
  });

  it('is read under the names that @Expose gives', () => {
    class Renamed {
      @Expose({ name: 'first_name' }) @IsString() firstName!: string;
      @Expose({ name: 'the_url' }) @IsInstance(URL) @Allow() url!: URL;
    }
    const url = new URL('https://a.example');
    expect(handedOn(contractOf(Renamed).check({ first_name: 'Ada', the_url: url }))).toEqual({ firstName: 'Ada', url });
  });
});

describe('rules', () => {
  it('that give a promise make the check one, declared asynchronous or not', async () => {
    class Taken {
      @Eventually(false) name!: string;
      @IsString() other!: string;
    }
    const result = contractOf(Taken).check({ name: 'ada', other: 'x' });
    expect(result).toBeInstanceOf(Promise);
    expect(await result).toMatchObject({ ok: false, issues: [{ path: 'name', constraint: 'eventually' }] });
    class Free {
      @Eventually(true) name!: string;
    }
    expect(await contractOf(Free).check({ name: 'ada' })).toMatchObject({ ok: true, value: { name: 'ada' } });
  });

  it('that throw or reject have failed', async () => {
    class Throwing {
      @Eventually(new TypeError('no')) later!: string;
      @Custom(() => {
        throw new RangeError('no');
      })
      now!: string;
      @ValidateIf(() => {
        throw new SyntaxError('no');
      })
      @IsString()
      maybe!: string;
    }
    const result = await contractOf(Throwing).check({ later: '', now: '', maybe: '' });
    expect(result.ok ? [] : result.issues.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'now: could not be checked: its rule threw RangeError',
      'maybe: could not be checked: its condition threw SyntaxError',
      'later: could not be checked: its rule threw TypeError',
    ]);
  });

  it('must be known of a nested object too', () => {
    class Loose {
      @ValidateNested() child!: TagDto;
    }
    expect(linesOf(contractOf(Loose).check({ child: { label: 'a' } }))).toEqual([
      'child: is a plain object whose class is not known: put @Type(() => Class) on the property',
    ]);
    expect(handedOn(contractOf(Loose).check({ child: Object.assign(new TagDto(), { label: 'a' }) }))).toBeInstanceOf(
      Loose,
    );
  });

  it('are inherited', () => {
    class Longer extends TagDto {
      @IsString() text!: string;
    }
    expect(linesOf(contractOf(Longer).check({}))).toEqual(['text: must be a string', 'label: must be a string']);
  });

  it('of a second copy of class-validator are found: its storage is shared', () => {
    const require = createRequire(import.meta.url);
    const loaded = Object.keys(require.cache).filter((path) => path.includes('/class-validator/'));
    const kept = loaded.map((path) => [path, require.cache[path]] as const);
    for (const path of loaded) delete require.cache[path];
    try {
      const second = require('class-validator') as typeof import('class-validator');
      class FromSecond {
        a!: string;
      }
      second.IsString()(FromSecond.prototype, 'a');
      expect(second.IsString).not.toBe(IsString);
      expect(linesOf(contractOf(FromSecond).check({ a: 1 }))).toEqual(['a: must be a string']);
    } finally {
      for (const [path, module] of kept) require.cache[path] = module;
    }
  });
});

describe('a class that checks nothing', () => {
  it('is refused with CONTRACT_UNCHECKABLE, early if asked to be', () => {
    class Bare {
      a = 1;
    }
    const bare = contractOf(Bare);
    const expected = expect.objectContaining({
      code: 'CONTRACT_UNCHECKABLE',
      message: expect.stringContaining('Contract Bare'),
    });
    for (const use of [() => bare.prepare(), () => bare.check({}), () => bare.toJsonSchema()]) {
      expect(use).toThrow(expected);
    }
  });

  it.each([['text'], [5], [null], [undefined], [{}], [() => {}]])('and %s is none: CONTRACT_INVALID', (source) => {
    expect(() => contractOf(source as never)).toThrow(expect.objectContaining({ code: 'CONTRACT_INVALID' }));
  });
});

describe('a rule that is a class', () => {
  it('is asked for its message on an instance that saw no value', () => {
    @ValidatorConstraint({ name: 'gossip' })
    class Gossip {
      seen = '';
      validate(value: string) {
        this.seen = value;
        return false;
      }
      defaultMessage() {
        return `$property is not ${this.seen}`;
      }
    }
    class Told {
      @Validate(Gossip) a!: string;
    }
    expect(linesOf(contractOf(Told).check({ a: 'hunter2' }))).toEqual(['a: is not undefined']);
  });
});

/** A rule that answers later, without saying that it is asynchronous. */
function Eventually(answer: boolean | Error) {
  return rule('eventually', () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)));
}

function Custom(validate: () => boolean) {
  return rule('custom', validate);
}

function rule(name: string, validate: () => boolean | Promise<boolean>) {
  return (prototype: object, propertyName: string) =>
    registerDecorator({ name, target: prototype.constructor, propertyName, validator: { validate } });
}
