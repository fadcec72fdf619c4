/** The documents that an answer names as its sources, as in `[shipping.md]`. */
export function citationsIn(answer: string): readonly string[] {
  return [...answer.matchAll(/\[([^\][\s]+\.md)\]/g)].map(([, document = '']) => document);
}
