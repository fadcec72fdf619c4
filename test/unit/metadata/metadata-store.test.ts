import 'reflect-metadata';
import { expect, it } from 'vitest';
import { metadataOf, readMetadata, readOwnMetadata, writeMetadata } from '../../../src/metadata/index.js';

class Parent {}
class Child extends Parent {}
class Sibling extends Parent {}
const tools = [class First {}];
writeMetadata('usesTools', Parent, tools);
writeMetadata('tool', Parent, 'of the parent');
writeMetadata('tool', Child, 'of the child');
writeMetadata('compensate', Child, true);

it('keeps what is written onto a class for that class, and for those that come after it', () => {
  expect(readOwnMetadata('usesTools', Child)).toBeUndefined();
  expect(readMetadata('usesTools', Child)).toBe(tools);
  expect([Parent, Child, Sibling].map((target) => readMetadata('tool', target))).toEqual([
    'of the parent',
    'of the child',
    'of the parent',
  ]);
  expect([Parent, Child, Sibling].map((target) => readMetadata('compensate', target))).toEqual([
    undefined,
    true,
    undefined,
  ]);
});

it('gives all of it at once, to those that want many kinds', () => {
  expect(metadataOf(Child)).toEqual({ usesTools: tools, tool: 'of the child', compensate: true });
  expect(metadataOf(class Nothing {})).toEqual({});
});

it('is read by another copy of the package', async () => {
  const other = await import(`${'../../../src/metadata/metadata-store.js'}?another`);
  expect(other.readOwnMetadata).not.toBe(readOwnMetadata);
  expect(other.readOwnMetadata('tool', Child)).toBe('of the child');
});
