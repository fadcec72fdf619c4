import type { Tool, ToolAnnotations } from '@modelcontextprotocol/sdk/types.js';
import type { Contract, JsonSchema } from '../../contracts/index.js';
import { StageflowError } from '../../errors/index.js';
import { ToolEffect } from '../../stage/index.js';

interface ListedInit {
  readonly name: string;
  readonly description: string;
  readonly effect: ToolEffect | null;
  readonly input: JsonSchema;
  readonly output: Contract | null;
}

/** How a tool is listed. @throws MCP_SERVER_INVALID if its input is no object */
export function listedTool({ name, description, effect, input, output }: ListedInit): Tool {
  const outputSchema = output === null ? null : objectSchemaOf(output);
  return {
    name,
    description,
    inputSchema: argumentsSchema(name, input) as Tool['inputSchema'],
    ...(outputSchema === null ? {} : { outputSchema: outputSchema as NonNullable<Tool['outputSchema']> }),
    ...(effect === null ? {} : { annotations: hintsOf(effect) }),
  };
}

function hintsOf(effect: ToolEffect): ToolAnnotations {
  if (effect === ToolEffect.Read) return { readOnlyHint: true };
  return {
    readOnlyHint: false,
    destructiveHint: effect === ToolEffect.Irreversible,
    idempotentHint: effect === ToolEffect.Idempotent,
  };
}

/** Arguments are an object, whatever a union at the root leaves unsaid. */
function argumentsSchema(name: string, schema: JsonSchema): JsonSchema {
  if (schema.type === 'object') return schema;
  if (schema.type === undefined) return { ...schema, type: 'object' };
  throw new StageflowError({
    code: 'MCP_SERVER_INVALID',
    message: `The input of tool "${name}" is no object, so no client could call it.`,
    fix: 'Give its contract an object at the root.',
    details: { tool: name },
  });
}

/** Clients read results of tools with a schema as objects; what is no object, or cannot be described, goes as text alone. */
function objectSchemaOf(output: Contract): JsonSchema | null {
  try {
    const schema = output.toJsonSchema('output');
    return schema.type === 'object' ? schema : null;
  } catch (error) {
    if (error instanceof StageflowError && error.code === 'CONTRACT_NO_JSON_SCHEMA') return null;
    throw error;
  }
}
