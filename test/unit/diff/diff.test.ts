import { applyPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyJsonPatch, diffJson, diffStructured, diffText } from '../../../src/diff/index.js';

const counts = ({ added, removed, unchanged }: { added: number; removed: number; unchanged: number }) => [
  added,
  removed,
  unchanged,
];

describe('a diff of texts', () => {
  it.each([
    ['identical texts', 'a\nb\n', 'a\nb\n', [0, 0, 2]],
    ['two empty texts', '', '', [0, 0, 0]],
    ['lines added and removed', 'a\nb\nc\n', 'a\nx\ny\nc\n', [2, 1, 2]],
    ['a removed line that starts like a header', 'a\n-- x\nb\n', 'a\nb\n', [0, 1, 2]],
    ['an added line that starts like a header', 'a\nb\n', 'a\n++i\nb\n', [1, 0, 2]],
    ['a missing last newline', 'a\nb', 'a\nb\n', [1, 1, 1]],
    ['ends of lines', 'a\r\nb\r\n', 'a\nb\n', [2, 2, 0]],
    ['one line of many', `${'x\n'.repeat(1_000)}a\n`, `${'x\n'.repeat(1_000)}b\n`, [1, 1, 1_000]],
  ])('counts %s exactly, and applies', (_what, before, after, expected) => {
    const diff = diffText(before, after);
    expect(counts(diff)).toEqual(expected);
    expect(diff.identical).toBe(before === after);
    if (diff.identical) expect(diff.patch).toBe('');
    else expect(applyPatch(before, diff.patch, { autoConvertLineEndings: false })).toBe(after);
  });

  it('is in unified format, one line of text a line', () => {
    expect(diffText('a\n-- x\nb', '++i\na\nb', { name: 'notes.txt' }).patch).toBe(
      '--- notes.txt\n+++ notes.txt\n@@ -1,3 +1,3 @@\n+++i\n a\n--- x\n b\n\\ No newline at end of file\n',
    );
  });

  it('applies for any two texts, also where there are too many differences to look for the fewest', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '-- x', '++i', '', '@@', '\\ No', 'c\r')).map((l) => l.join('\n'));
    fc.assert(
      fc.property(text, text, fc.constantFrom(0, 2, 2_000), (before, after, maxEdits) => {
        const diff = diffText(before, after, { maxEdits });
        const patched = diff.identical ? before : applyPatch(before, diff.patch, { autoConvertLineEndings: false });
        expect(patched).toBe(after);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe('a JSON patch', () => {
  it.each([
    [[1, 2, 3, 4], [1]],
    [
      { 'a/b': 1, 'c~d': 2 },
      { 'a/b': 2, 'c~d': 3, '~1': 4 },
    ],
    [{}, [1]],
    [null, [1]],
    [{ on: 1 }, { on: true }],
    [1, true],
    [null, { a: null }],
    [{ a: null }, {}],
    [{ '': 1 }, { '': 2 }],
    [{ ü: 'ä' }, { ü: 'ö', '😀': 1 }],
    [{ constructor: { a: 1 } }, { constructor: { a: 2 } }],
    [{ a: { prototype: [{ constructor: 1 }] } }, { a: { prototype: [{ constructor: 2 }] }, constructor: 1 }],
    [{ list: Array.from({ length: 900 }, (_, at) => at) }, { list: Array.from({ length: 900 }, (_, at) => at * 2) }],
    [Array.from({ length: 900 }, (_, at) => at), Array.from({ length: 800 }, (_, at) => at * 2)],
  ])('from %j applies', (before, after) => {
    const copy = structuredClone(before);
    const patch = diffJson(before, after);
    expect(applyJsonPatch(before, patch)).toEqual(after);
    expect(JSON.stringify(applyJsonPatch(before, patch))).toHaveLength(JSON.stringify(after).length);
    expect(before).toEqual(copy);
  });

  it('applies for any two JSON values, and is empty for equal ones', () => {
    const key = fc.oneof(
      fc.string().filter((text) => text !== '__proto__'),
      fc.constantFrom('a', '/', '~', '~1', '', 'constructor', 'prototype', 'toString', '0', '-'),
    );
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom(null, true, false, 0, 1, -1.5, '', 'a', 'é', '𝒳'),
        fc.array(tie('json'), { maxLength: 5 }),
        fc.dictionary(key, tie('json'), { maxKeys: 4 }),
      ),
    }));
    const text = json.map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(text, text, (one, other) => {
        const [before, after] = [JSON.parse(one), JSON.parse(other)];
        const patch = JSON.parse(JSON.stringify(diffJson(before, after)));
        expect(applyJsonPatch(before, patch)).toEqual(after);
        expect(diffJson(before, JSON.parse(one))).toEqual([]);
      }),
      { seed: 7, numRuns: 1_000 },
    );
  });

  it('pollutes no prototype', () => {
    for (const path of ['/__proto__/polluted', '/constructor/prototype/polluted', '/a/__proto__/polluted']) {
      expect(() => applyJsonPatch({ a: {} }, [{ op: 'add', path, value: true }])).toThrow('DIFF_INVALID');
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    }
  });

  it('that does not fit is refused as a whole with DIFF_INVALID, and so is what is not JSON', () => {
    const value = { a: [1] };
    const code = 'DIFF_INVALID';
    const bad = [
      { op: 'replace' as const, path: '/b/c', value: 1 },
      { op: 'remove' as const, path: '/a/5' },
      { op: 'test' as const, path: '/a/0', value: 2 },
      { op: 'add' as const, path: 'a', value: 1 },
    ];
    for (const operation of bad) {
      expect(() => applyJsonPatch(value, [{ op: 'add', path: '/x', value: 1 }, operation])).toThrow(
        expect.objectContaining({ code }),
      );
    }
    expect(value).toEqual({ a: [1] });
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    for (const odd of [
      new Date(),
      Number.NaN,
      undefined,
      new Map(),
      1n,
      circle,
      [undefined],
      JSON.parse('{"__proto__":1}'),
    ]) {
      expect(() => diffJson(odd, 1)).toThrow(expect.objectContaining({ code }));
    }
  });
});

describe('a structured diff', () => {
  it('says where values differ, and leaves out what is to be ignored', () => {
    const before = { name: 'a', at: new Date(1), meta: { at: 1, by: 'ann' }, list: [1, 2], gone: 1 };
    const after = { name: 'b', at: new Date(2), meta: { at: 2, by: 'ann' }, list: [1, 3, 4], came: 1 };
    const { changes } = diffStructured(before, after, { ignore: ['at'] });
    expect(changes.map(({ kind, path }) => `${kind} ${path.join('.')}`)).toEqual([
      'changed name',
      'changed list.1',
      'added list.2',
      'removed gone',
      'added came',
    ]);
    expect(diffStructured(before, after, { ignore: ['/meta/at'] }).changes.map(({ path }) => path)).toContainEqual([
      'at',
    ]);
  });

  it('compares dates by their time, and everything else that is no plain object as a whole', () => {
    expect(diffStructured({ at: new Date(5) }, { at: new Date(5) })).toEqual({
      changes: [],
      identical: true,
      similarity: 1,
    });
    expect(diffStructured(new Date(5), new Date(6)).changes).toHaveLength(1);
    expect(diffStructured(new Map([[1, 2]]), new Map([[1, 2]])).identical).toBe(true);
    expect(diffStructured({ a: undefined }, {}).changes[0]?.kind).toBe('removed');
  });

  it('counts what is equal without what is ignored', () => {
    expect(diffStructured({ a: 1, b: 2, at: 1 }, { a: 1, b: 3, at: 2 }, { ignore: ['at'] }).similarity).toBe(0.5);
    expect(diffStructured({ at: 1 }, { at: 2 }, { ignore: ['at'] }).similarity).toBe(1);
  });

  it('ends in circles', () => {
    const circle = (name: string) => {
      const value: Record<string, unknown> = { name };
      value.self = value;
      return value;
    };
    expect(diffStructured(circle('a'), circle('b')).changes.map(({ path }) => path)).toEqual([['name']]);
  });
});
