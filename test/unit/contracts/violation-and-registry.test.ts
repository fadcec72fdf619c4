import 'reflect-metadata';
import { IsString } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ContractRegistry,
  ContractViolationError,
  contract,
  contractOf,
  contractViolation,
  nameContract,
} from '../../../src/contracts/index.js';
import { issuesOf } from './results.js';

describe('CONTRACT_VIOLATED', () => {
  const numbers = contract('numbers/v2', z.array(z.number()));
  const violation = (values: unknown, fix?: string) =>
    contractViolation({
      contract: numbers,
      subject: 'the output of stage "Fetch"',
      issues: issuesOf(numbers.check(values)),
      ...(fix === undefined ? {} : { fix }),
    });

  it('names subject and contract, the first issues, and how many more there are', () => {
    const error = violation(['a', null, {}, [], true, undefined, 'b']);
    expect(error).toBeInstanceOf(ContractViolationError);
    expect(error.summary).toBe(
      'The output of stage "Fetch" does not keep contract numbers/v2: [0] must be of type number (is string); ' +
        '[1] must be of type number (is null); [2] must be of type number (is object); ' +
        '[3] must be of type number (is array); [4] must be of type number (is boolean); and 2 more.',
    );
    expect(error.issues).toHaveLength(7);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      code: 'CONTRACT_VIOLATED',
      details: { contract: 'numbers', version: 2, subject: 'the output of stage "Fetch"', issues: error.issues },
    });
  });

  it('speaks of the value itself as it, and takes another fix', () => {
    const error = violation('text', 'Ask again.');
    expect(error.message).toContain('numbers/v2: it must be of type array (is string). Ask again. [CONTRACT_VIOLATED');
    expect(error.contract).toBe('numbers/v2');
  });
});

describe('a contract registry', () => {
  const schema = z.object({ a: z.string() });

  it('takes the same contract again, and gives back the one it has', () => {
    const registry = new ContractRegistry();
    const first = registry.register(contract('a/v1', schema));
    expect(registry.register(contract('a/v1', schema))).toBe(first);
    expect(registry.get('a', 1)).toBe(first);
  });

  it('refuses another model in the same place with CONTRACT_CONFLICT, naming both', () => {
    class Summary {
      @IsString() a!: string;
    }
    nameContract(Summary, { name: 'a', version: 1 });
    const registry = new ContractRegistry();
    registry.register(Summary);
    expect(() => registry.register(contract('a/v1', schema))).toThrow(
      expect.objectContaining({
        code: 'CONTRACT_CONFLICT',
        summary: 'Contract a/v1 is registered as class Summary, and now as a zod schema.',
      }),
    );
    expect(registry.get('a', 1)).toBe(contractOf(Summary));
  });

  it('lists versions by number, not by letters', () => {
    const registry = new ContractRegistry();
    for (const version of [10, 2, 9, 1]) registry.register(contract(`a/v${version}`, z.object({})));
    expect(registry.versions('a')).toEqual([1, 2, 9, 10]);
    expect(registry.latest('a').version).toBe(10);
    expect(registry.versions('b')).toEqual([]);
  });

  it('says with CONTRACT_UNKNOWN which versions or names there are', () => {
    const registry = new ContractRegistry();
    expect(() => registry.latest('a')).toThrow('No contract a is registered. Contracts registered: none.');
    for (const label of ['a/v10', 'a/v9', 'b/v1']) registry.register(contract(label, z.object({})));
    expect(() => registry.get('a', 3)).toThrow(
      expect.objectContaining({
        code: 'CONTRACT_UNKNOWN',
        summary: 'No contract a/v3 is registered. Versions registered: v9, v10.',
      }),
    );
    expect(() => registry.get('c', 1)).toThrow('No contract c/v1 is registered. Contracts registered: a, b.');
  });

  it('takes only contracts with a version', () => {
    class Unnamed {
      @IsString() a!: string;
    }
    const registry = new ContractRegistry();
    expect(() => registry.register(Unnamed)).toThrow(expect.objectContaining({ code: 'CONTRACT_INVALID' }));
    expect(() => registry.register(Unnamed)).toThrow("Put @Contract('name/v1') on the class.");
    expect(() => registry.register(schema)).toThrow("Register contract('name/v1', schema) instead of the schema.");
  });

  it('keeps nothing for other registries', () => {
    new ContractRegistry().register(contract('a/v1', schema));
    expect(new ContractRegistry().versions('a')).toEqual([]);
  });
});
