import type { ContractSide } from './contract.js';
import { INSTANCE_OF, RULES } from './json-schema.js';

/** What zod tells of one schema that it has converted. */
interface Converted {
  readonly zodSchema: { readonly _zod: { readonly def: ZodDefinition } };
  readonly jsonSchema: Record<string, unknown>;
}

interface ZodDefinition {
  readonly type: string;
  readonly coerce?: boolean;
  readonly in?: { readonly _zod: { readonly def: ZodDefinition } };
  readonly checks?: readonly { readonly _zod: { readonly def?: { readonly check?: string } } }[];
}

const OPAQUE_CHECKS: readonly unknown[] = ['custom', 'overwrite'];

/**
 * How zod is to convert. It throws for what JSON Schema cannot say, such as a transform; like this it says nothing of that
 * part. Marked, it names what it leaves out.
 */
export function zodJsonOptions(side: ContractSide, marked: boolean): Readonly<Record<string, unknown>> {
  const override = ({ zodSchema, jsonSchema }: Converted) => mark(zodSchema._zod.def, jsonSchema, side);
  return { unrepresentable: 'any', ...(marked ? { override } : {}) };
}

function mark(definition: ZodDefinition, json: Record<string, unknown>, side: ContractSide): void {
  const { type, checks = [] } = definition;
  if (side === 'input' && takesAnything(definition)) {
    for (const keyword of Object.keys(json)) delete json[keyword];
    json[RULES] = [`?${type}`];
  } else if (type === 'date') {
    json[INSTANCE_OF] = 'Date';
  } else if (Object.keys(json).length === 0 && type !== 'any' && type !== 'unknown') {
    json[RULES] = [`?${type}`];
  } else if (checks.some(({ _zod }) => OPAQUE_CHECKS.includes(_zod.def?.check))) {
    json[RULES] = ['?refine'];
  }
}

/** `z.coerce`, `catch` and `preprocess` take more than zod says of them. */
function takesAnything({ type, coerce, in: first }: ZodDefinition): boolean {
  return coerce === true || type === 'catch' || first?._zod.def.type === 'transform';
}
