import type { Problem } from '../errors/index.js';
import { readMetadata } from '../metadata/index.js';
import type { StageDeclaration } from './stage-declaration.js';

/** Tools that stages say they use and their pipeline does not have. @param tools what it has, as it was listed */
export function missingTools(
  pipeline: string,
  stages: readonly Pick<StageDeclaration, 'name' | 'stageClass'>[],
  tools: readonly object[],
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { name, stageClass } of stages) {
    const used = stageClass === null ? undefined : readMetadata('usesTools', stageClass);
    for (const tool of used ?? NONE) if (!tools.includes(tool)) problems.push(unknownTool(pipeline, name, tool));
  }
  return problems;
}

const NONE: readonly object[] = Object.freeze([]);

function unknownTool(pipeline: string, stage: string, tool: object): Problem {
  const name = nameOf(tool);
  return {
    code: 'TOOL_UNKNOWN',
    message: `Stage "${stage}" uses the tool ${name}, which pipeline "${pipeline}" does not have.`,
    fix: 'Add it to the tools of the module, or to withTools(…).',
    details: { pipeline, stage, tool: name },
  };
}

function nameOf(tool: object): string {
  if (typeof tool === 'function') return tool.name;
  const { definition } = tool as { readonly definition?: { readonly spec?: { readonly name?: unknown } } };
  return String(definition?.spec?.name ?? 'without a name');
}
