// @ts-check
/* The outputs and inputs that payloads are measured with. Sizes are those of the JSON text. */

/** Lists of small nested records, as search results, rows and chunks are. @param {number} index */
function row(index) {
  return {
    id: index,
    title: 'A title of an ordinary length, forty signs',
    source: { host: 'docs.example.org', path: '/guide/first-steps', depth: 3 },
    tags: ['guide', 'setup', 'first steps'],
    score: 0.75,
  };
}

/** @param {number} count */
const rowsOf = (count) => () => ({
  total: count,
  rows: Array.from({ length: count }, (_, index) => row(index)),
});

/** @type {Record<string, { make: () => object, times: number }>} `times`: how many make a batch worth awaiting */
export const RECORDS = {
  '{ x: 1 }': { make: () => ({ x: 1 }), times: 1_000 },
  '100 B': {
    make: () => ({
      id: 1,
      source: { host: 'docs.example.org', path: '/guide' },
      tags: ['guide', 'setup'],
      score: 0.75,
    }),
    times: 500,
  },
  '10 KB': { make: rowsOf(55), times: 10 },
  '1 MB': { make: rowsOf(5_500), times: 1 },
};

/**
 * 20 MB of a conversation, every text a string of its own.
 * @param {number} count @param {boolean} dated
 */
export function messagesOf(count, dated) {
  const length = 20_000_000 / count;
  return Array.from({ length: count }, (_, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: Buffer.alloc(length, `${index} what was said, `).toString('latin1'),
    ...(dated ? { at: new Date(1_700_000_000_000 + index) } : {}),
  }));
}
