import { describe, expect, it } from 'vitest';
import { Sensitive } from '../../../decorators/index.js';
import { sensitiveFields } from '../../../src/masking/index.js';
import { problemOf, untyped } from './problems-of.js';

class Account {
  @Sensitive() iban = '';
  owner = '';
}
class Customer extends Account {
  @Sensitive() @Sensitive() email = '';
}
class Guest extends Account {}
class Plain {}

describe('@Sensitive', () => {
  it('adds up along classes and leaks neither up nor sideways', () => {
    expect([...sensitiveFields(Account)]).toEqual(['iban']);
    expect([...sensitiveFields(Customer)]).toEqual(['iban', 'email']);
    expect([...sensitiveFields(Guest)]).toEqual(['iban']);
    expect([...sensitiveFields(Plain)]).toEqual([]);
    expect([...sensitiveFields(() => 1)]).toEqual([]);
  });

  it('shows in no instance', () => {
    expect(Object.keys(new Customer())).toEqual(['iban', 'owner', 'email']);
    expect(Reflect.ownKeys(Customer)).toEqual(Reflect.ownKeys(Guest));
  });

  it('may stand on an accessor', () => {
    class Vault {
      @Sensitive() get code() {
        return '';
      }
    }
    expect([...sensitiveFields(Vault)]).toEqual(['code']);
  });

  it.each([
    ['a class', () => Sensitive()(untyped(Plain), untyped(undefined)), 'stands on a class.'],
    ['a static field', () => Sensitive()(Plain, 'made'), 'stands on the static field "made".'],
    ['a symbol', () => Sensitive()(Plain.prototype, untyped(Symbol('s'))), 'a field whose name is a symbol.'],
    [
      'a method',
      () => (Sensitive() as Function)(Plain.prototype, 'run', { value() {} }),
      'stands on the method "run".',
    ],
    ['a parameter', () => (Sensitive() as Function)(Plain.prototype, 'run', 0), 'stands on a parameter.'],
  ])('is refused on %s', (_what, decorate, text) => {
    const problem = problemOf('METADATA_OPTION_INVALID', decorate);
    expect(problem.message).toMatch(/^@Sensitive on "Plain" stands on/);
    expect(problem.message).toContain(text);
    expect([...sensitiveFields(Plain)]).toEqual([]);
  });
});
