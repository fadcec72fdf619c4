import type { Passage } from './documents.js';

const STOP_WORDS = new Set(
  'and are can could does for from have how not the this that what when with you your'.split(' '),
);

/** The passages that share words with a question, the best first. A word counts for more the fewer passages have it. */
export function rank(question: string, passages: readonly Passage[], most: number): readonly Passage[] {
  const asked = wordsOf(question);
  const sets = passages.map(({ document, text }) => wordsOf(`${document} ${text}`));
  const weights = [...asked].map((word) => [word, weightOf(word, sets)] as const);
  const scored = passages.map((passage, index) => ({
    passage,
    score: weights.reduce((sum, [word, weight]) => sum + (sets[index]?.has(word) ? weight : 0), 0),
  }));
  return scored
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, most)
    .map(({ passage }) => passage);
}

function weightOf(word: string, sets: readonly ReadonlySet<string>[]): number {
  const having = sets.filter((words) => words.has(word)).length;
  return Math.log(1 + sets.length / Math.max(1, having));
}

/** Without the most frequent ones, and without their plurals. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[\p{L}\d]{3,}/gu) ?? [];
  return new Set(words.filter((word) => !STOP_WORDS.has(word)).map((word) => word.replace(/s$/, '')));
}
