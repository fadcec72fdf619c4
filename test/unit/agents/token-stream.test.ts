import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenStream } from '../../../src/agents/loop/token-stream.js';

describe('a stream of tokens', () => {
  it('loses nothing and splits no word, however it is cut and held', () => {
    const piece = fc.record({ text: fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n') }), open: fc.boolean() });
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const sent: string[] = [];
        let open = true;
        const stream = new TokenStream(
          (text) => sent.push(text),
          () => open,
        );
        for (const { text, open: mayPass } of pieces) {
          open = mayPass;
          const before = sent.length;
          stream.push(text);
          if (!mayPass) expect(sent).toHaveLength(before);
        }
        stream.end();
        expect(sent.join('')).toBe(pieces.map(({ text }) => text).join(''));
        for (const text of sent.slice(0, -1)) expect(text).toMatch(/\s$/);
      }),
    );
  });
});
