import type { Contract } from '../../contracts/index.js';

/** A final answer that can be handed on, or what is wrong with it, for the model to read. */
export type FinalAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string };

/** Reads what a model answered: text without a contract, else the JSON in it, held against the contract. */
export async function readAnswer(text: string, contract: Contract | null): Promise<FinalAnswer> {
  if (text.trim() === '') return { ok: false, reason: 'The answer is empty.' };
  if (contract === null) return { ok: true, value: text };
  const found = jsonIn(text);
  if (found === null) return { ok: false, reason: 'The answer holds no valid JSON; it may have been cut off.' };
  const result = await contract.check(found.value);
  if (result.ok) return { ok: true, value: result.value };
  const issues = result.issues.map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
  return { ok: false, reason: `The answer does not keep its schema: ${issues.join('; ')}.` };
}

/** The whole text, what stands in its last fence, or what stands between its first and last brace. */
function jsonIn(text: string): { readonly value: unknown } | null {
  const fenced = [...text.matchAll(/```(?:json)?[^\S\n]*\n([\s\S]*?)```/gi)].at(-1)?.[1];
  const from = text.search(/[{[]/);
  const to = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
  const candidates = [text, fenced, from === -1 ? undefined : text.slice(from, to + 1)];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    try {
      return { value: JSON.parse(candidate) };
    } catch {
      // the next one
    }
  }
  return null;
}
