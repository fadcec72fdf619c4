import { describe, expect, it } from 'vitest';
import { readConstructorSource } from '../../../src/metadata/constructor-source.js';

/** Compiles to exactly this source, whatever the test's own compiler does. */
const compile = (source: string): Function => new Function('Base', `return (${source});`)(class {});
const read = (source: string) => readConstructorSource(compile(source));
const namesOf = (source: string) => read(source)?.map((parameter) => parameter.name);

describe('the constructor of a class, read from its source', () => {
  it('is found behind fields, methods, strings, templates and regular expressions', () => {
    expect(
      namesOf(`class A {
        static label = "constructor(wrong) {";
        'quoted constructor'() { return /[/{"]constructor\\(/.test("}"); }
        half = 6 / 2; // constructor(comment) {
        text = \`\${ { a: [\`}\`] }.a } constructor(x) {\`;
        method() { return this.constructor(1); }
        /* constructor(block) */ constructor (a, b) { this.a = a; }
      }`),
    ).toEqual(['a', 'b']);
  });

  it('is not taken from a nested class, a static method or a use of the word', () => {
    expect(read('class A { inner = class { constructor(x) {} }; static constructor(y) {} }')).toBeUndefined();
    expect(read('class A { make() { return new this.constructor(1, 2); } }')).toBeUndefined();
    expect(read('class A extends Base {}')).toBeUndefined();
    expect(read('class A {}')).toBeUndefined();
  });

  it('is found behind a heritage with braces', () => {
    expect(namesOf('class A extends ((o) => Base)({ a: 1 }) { constructor(x) { super(); } }')).toEqual(['x']);
  });

  it('names its parameters, past defaults, comments and patterns', () => {
    expect(
      read(
        `class A { constructor(a = (1, ","), /* , */ { b, c } = {}, [d], e /* = 1 */, f = { g: [1, 2] }, ...rest) {} }`,
      ),
    ).toEqual([
      { name: 'a', hasDefault: true },
      { name: undefined, hasDefault: true },
      { name: undefined, hasDefault: false },
      { name: 'e', hasDefault: false },
      { name: 'f', hasDefault: true },
      { name: 'rest', hasDefault: true },
    ]);
    expect(read('class A { constructor() {} }')).toEqual([]);
    expect(namesOf('class A { constructor(a,) {} }')).toEqual(['a']);
  });

  it('is read from functions that older targets compile classes to', () => {
    expect(namesOf('function A(x, y) { this.x = x; }')).toEqual(['x', 'y']);
    expect(read('function A() { return _super !== null && _super.apply(this, arguments) || this; }')).toBeUndefined();
  });

  it('does not count when it only hands everything on to super', () => {
    expect(read('class A extends Base { constructor(..._args) { super(..._args); this.f = 1; } }')).toBeUndefined();
    expect(read('class A extends Base { constructor() { super(...arguments); this.f = 1; } }')).toBeUndefined();
    expect(read('class A extends Base { constructor() { super(1); } }')).toEqual([]);
  });

  it('is unknown for bound functions', () => {
    expect(readConstructorSource(class {}.bind as unknown as Function)).toBeUndefined();
    expect(readConstructorSource(function f() {}.bind(null))).toBeUndefined();
  });
});
