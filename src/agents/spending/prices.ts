import { StageflowError } from '../../errors/index.js';
import type { ModelUsage } from '../model/index.js';

/** What a million tokens cost. Any currency; all prices and limits of one agent in the same. */
export interface ModelPrice {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
}

/** Prices by the name of the model. */
export type PriceTable = Readonly<Record<string, ModelPrice>>;

export function costOf({ inputTokens, outputTokens }: ModelUsage, price: ModelPrice): number {
  return (inputTokens * price.inputPerMillion + outputTokens * price.outputPerMillion) / 1_000_000;
}

/** @throws AGENT_OPTION_INVALID if the cost is limited and nobody knows what the model costs */
export function priceOf(table: PriceTable, model: string, costIsLimited: boolean): ModelPrice | null {
  const price = Object.hasOwn(table, model) ? table[model] : undefined;
  if (price !== undefined) return price;
  if (!costIsLimited) return null;
  throw new StageflowError({
    code: 'AGENT_OPTION_INVALID',
    message: `The cost of an agent is limited, but the price of its model "${model}" is not known.`,
    fix: 'Add the model to prices.',
    details: { option: 'prices', model },
  });
}
