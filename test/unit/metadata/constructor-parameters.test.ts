import 'reflect-metadata';
import { delay, inject, injectAll, injectable, injectWithTransform } from 'tsyringe';
import { describe, expect, it } from 'vitest';
import {
  type Class,
  constructorParameters,
  isLazyToken,
  lazy,
  token,
  writeMetadata,
} from '../../../src/metadata/index.js';

class Alpha {}
class Beta {}
const CLOCK = token<{ now(): number }>('Clock');

/** Stands for any decorator: it makes the compiler emit constructor types. */
const decorated: ClassDecorator = () => {};
const marked: ParameterDecorator = () => {};

const tokens = (target: Class) => constructorParameters(target).map((parameter) => parameter.token);
const names = (target: Class) => constructorParameters(target).map((parameter) => parameter.name);

describe('what the compiler emitted', () => {
  it('reads classes as tokens and parameter names from the source', () => {
    @decorated
    class Store {
      constructor(
        readonly alpha: Alpha,
        readonly beta: Beta,
      ) {}
    }
    expect(tokens(Store)).toEqual([Alpha, Beta]);
    expect(names(Store)).toEqual(['alpha', 'beta']);
    expect(constructorParameters(Store)[0]).toEqual({
      index: 0,
      name: 'alpha',
      token: Alpha,
      optional: false,
      multiple: false,
      hasDefault: false,
      standIn: false,
      transform: null,
    });
  });

  it('gives no token where the type was erased', () => {
    @decorated
    class Erased {
      constructor(
        readonly a: { x: number },
        readonly b: () => void,
        readonly c: string,
        readonly d: number,
        readonly e: boolean,
        readonly f: string[],
        readonly g: Promise<Alpha>,
        readonly h: undefined,
        readonly i: Alpha | Beta,
        readonly j: symbol,
        readonly k: bigint,
      ) {}
    }
    expect(tokens(Erased)).toEqual(Array.from({ length: 11 }, () => undefined));
  });

  it('gives no token, but every parameter, of a class nobody decorated', () => {
    class Plain {
      constructor(
        readonly alpha: Alpha,
        readonly size: number,
      ) {}
    }
    expect(tokens(Plain)).toEqual([undefined, undefined]);
    expect(names(Plain)).toEqual(['alpha', 'size']);
  });

  it('knows which parameters have a default value', () => {
    @decorated
    class Defaults {
      constructor(
        readonly alpha: Alpha,
        readonly size = 3,
        readonly beta: Beta = new Beta(),
        readonly after: Alpha,
      ) {}
    }
    const parameters = constructorParameters(Defaults);
    expect(parameters.map((parameter) => parameter.hasDefault)).toEqual([false, true, true, false]);
    expect(parameters.map((parameter) => parameter.token)).toEqual([Alpha, undefined, Beta, Alpha]);
  });

  it('finds nothing in a class without constructor', () => {
    class Nothing {}
    expect(constructorParameters(Nothing)).toEqual([]);
  });
});

describe('which class owns the constructor', () => {
  @decorated
  class Parent {
    constructor(readonly alpha: Alpha) {}
  }

  it('uses the parent of a class without constructor, also with fields', () => {
    class Child extends Parent {
      readonly field = [1, 2, 3];
    }
    @decorated
    class Grandchild extends Child {}
    expect(tokens(Child)).toEqual([Alpha]);
    expect(tokens(Grandchild)).toEqual([Alpha]);
  });

  it('does not give the tokens of the parent to a constructor of one’s own', () => {
    class None extends Parent {
      constructor() {
        super(new Alpha());
      }
    }
    class Other extends Parent {
      constructor(readonly label: string) {
        super(new Alpha());
      }
    }
    writeMetadata('parameters', Parent, [{ index: 0, token: CLOCK }]);
    expect(tokens(Parent)).toEqual([CLOCK]);
    expect(constructorParameters(None)).toEqual([]);
    expect(tokens(Other)).toEqual([undefined]);
    expect(names(Other)).toEqual(['label']);
  });

  it('does not take what Nest wrote on a parent for a subclass with its own constructor', () => {
    class Base {
      constructor(readonly value: unknown) {}
    }
    Reflect.defineMetadata('self:paramtypes', [{ index: 0, param: 'VALUE' }], Base);
    class Sub extends Base {
      constructor(readonly first: unknown) {
        super(first);
      }
    }
    class Same extends Base {}
    expect(tokens(Base)).toEqual(['VALUE']);
    expect(tokens(Sub)).toEqual([undefined]);
    expect(tokens(Same)).toEqual(['VALUE']);
  });

  it('keeps the tokens that tsyringe loses on an undecorated base', () => {
    class Base {
      constructor(@inject('URL') readonly url: string) {}
    }
    @injectable()
    class Sub extends Base {}
    expect(tokens(Sub)).toEqual(['URL']);
  });
});

describe('our own records', () => {
  it('win over Nest, Nest over tsyringe, tsyringe over the emitted type', () => {
    @decorated
    class Everything {
      constructor(
        @inject('tsyringe') readonly a: Alpha,
        @inject('tsyringe') readonly b: Alpha,
        @inject('tsyringe') readonly c: Alpha,
        readonly d: Alpha,
      ) {}
    }
    Reflect.defineMetadata(
      'self:paramtypes',
      [
        { index: 0, param: 'nest' },
        { index: 1, param: 'nest' },
      ],
      Everything,
    );
    writeMetadata('parameters', Everything, [{ index: 0, token: CLOCK }]);
    expect(tokens(Everything)).toEqual([CLOCK, 'nest', 'tsyringe', Alpha]);
  });

  it('make a parameter optional without saying what it is', () => {
    @decorated
    class MaybeAlpha {
      constructor(@marked readonly alpha?: Alpha) {}
    }
    writeMetadata('parameters', MaybeAlpha, [{ index: 0, optional: true }]);
    expect(constructorParameters(MaybeAlpha)[0]).toMatchObject({ token: Alpha, optional: true });
  });

  it('keep a lazy token as it is', () => {
    class Holder {
      constructor(readonly alpha: unknown) {}
    }
    const late = lazy(() => Alpha);
    writeMetadata('parameters', Holder, [{ index: 0, token: late }]);
    expect(constructorParameters(Holder)[0]).toMatchObject({ token: late, standIn: false });
  });
});

describe('classes written for Nest', () => {
  it('are read with optional and forward references', () => {
    class Nested {
      constructor(
        readonly a: unknown,
        readonly b: unknown,
      ) {}
    }
    Reflect.defineMetadata('self:paramtypes', [{ index: 1, param: { forwardRef: () => Beta } }], Nested);
    Reflect.defineMetadata('optional:paramtypes', [0], Nested);
    const [a, b] = constructorParameters(Nested);
    expect(a).toMatchObject({ token: undefined, optional: true });
    expect(b).toMatchObject({ standIn: true, optional: false });
    expect(isLazyToken(b?.token) && b.token.lazyToken()).toBe(Beta);
  });
});

describe('classes written for tsyringe', () => {
  it('are read after @injectable has rewritten the emitted types in place', () => {
    @injectable()
    class Service {
      constructor(
        readonly alpha: Alpha,
        @inject('URL') readonly url: string,
        @inject('MAYBE', { isOptional: true }) readonly maybe: string | undefined,
        @injectAll('PLUGIN') readonly plugins: Alpha[],
      ) {}
    }
    expect(Reflect.getMetadata('design:paramtypes', Service)[1]).toMatchObject({ token: 'URL' });
    expect(constructorParameters(Service)).toMatchObject([
      { token: Alpha, optional: false, multiple: false },
      { token: 'URL', optional: false, multiple: false },
      { token: 'MAYBE', optional: true, multiple: false },
      { token: 'PLUGIN', optional: false, multiple: true },
    ]);
  });

  it('have their delayed constructors read as lazy tokens for the object itself', () => {
    @injectable()
    class Holder {
      constructor(@inject(delay(() => Later)) readonly later: unknown) {}
    }
    class Later {}
    const [parameter] = constructorParameters(Holder);
    expect(parameter?.standIn).toBe(true);
    expect(isLazyToken(parameter?.token) && parameter.token.lazyToken()).toBe(Later);
  });

  it('have their transforms read', () => {
    class Upper {
      transform(value: string, suffix: string): string {
        return value.toUpperCase() + suffix;
      }
    }
    @injectable()
    class Holder {
      constructor(@injectWithTransform('NAME', Upper, '!') readonly name: string) {}
    }
    expect(constructorParameters(Holder)[0]).toMatchObject({ token: 'NAME', transform: { token: Upper, args: ['!'] } });
  });
});
