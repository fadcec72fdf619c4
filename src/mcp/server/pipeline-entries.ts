import { type Contract, contractOf, contractViolation, type JsonSchema } from '../../contracts/index.js';
import { StageflowError } from '../../errors/index.js';
import type { BoundPipeline, RunInput, RunResults } from '../../run/index.js';
import { StageState } from '../../run/index.js';
import { listedTool } from './listed-tool.js';
import type { McpPipeline } from './mcp-server-options.js';
import type { Arguments, OfferedEntry } from './offered-entry.js';

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** The arguments of a pipeline that says nothing about its input. */
const TEXT_ONLY: JsonSchema = Object.freeze({
  type: 'object',
  properties: Object.freeze({ text: Object.freeze({ type: 'string' }) }),
  required: Object.freeze(['text']),
  additionalProperties: false,
});

/** A pipeline as something that clients may call. @throws MCP_SERVER_INVALID */
export function pipelineEntry(bound: BoundPipeline, offered: McpPipeline): OfferedEntry {
  const { name, description, effect = null } = offered;
  if (typeof name !== 'string' || !NAME.test(name)) throw badName(name, bound.graph.name);
  const contract = offered.input === undefined ? inputOfStages(bound) : contractOf(offered.input);
  const output = outputOf(bound, offered.output);
  const answering = output.length === 1 ? (output[0] as number) : null;
  const listed = listedTool({
    name,
    description,
    effect,
    input: contract === null ? TEXT_ONLY : contract.toJsonSchema('input'),
    output: answering === null ? null : (bound.stages[answering]?.contracts?.output ?? null),
  });
  const names = output.map((index) => bound.graph.stages[index]?.name as string);
  return {
    listed,
    bound,
    ofTool: false,
    input: (given) => (contract === null ? textInput(given, name) : checkedInput(contract, given, name)),
    answer: (results) => (answering === null ? completedOf(results, names) : outputIn(results, names[0] as string)),
  };
}

/** The contract that stages expect the input of a run to keep, if there is only one. */
function inputOfStages({ stages }: BoundPipeline): Contract | null {
  const [only, second] = new Set(stages.flatMap(({ contracts }) => contracts?.input ?? []));
  return only !== undefined && second === undefined ? only : null;
}

async function checkedInput(contract: Contract, given: Arguments, name: string): Promise<RunInput> {
  const result = await contract.check(given);
  if (!result.ok) throw contractViolation({ contract, subject: `the input of "${name}"`, issues: result.issues });
  // As it came: stages check it once more, and make of it what they need.
  return { input: given };
}

function textInput({ text }: Arguments, name: string): RunInput {
  if (typeof text === 'string') return { inputText: text };
  throw new StageflowError({
    code: 'TOOL_ARGUMENTS_INVALID',
    message: `The input of "${name}" has no text.`,
    fix: 'Give { text }.',
    details: { tool: name },
  });
}

/** By index of the graph. */
function outputOf({ graph, stages }: BoundPipeline, wanted: McpPipeline['output']): readonly number[] {
  if (wanted === undefined) {
    const read = new Set(graph.stages.flatMap(({ dependsOn }) => dependsOn.map(({ stage }) => stage)));
    return graph.stages.flatMap(({ name }, index) => (read.has(name) ? [] : [index]));
  }
  const index =
    typeof wanted === 'string' ? graph.indexOf(wanted) : stages.findIndex(({ stageClass }) => stageClass === wanted);
  if (index !== undefined && index >= 0) return [index];
  const name = typeof wanted === 'string' ? wanted : wanted.name;
  throw new StageflowError({
    code: 'MCP_SERVER_INVALID',
    message: `The answer of pipeline "${graph.name}" is to be the output of "${name}", which is no stage of it.`,
    fix: `Name one of its stages: ${graph.stages.map((stage) => stage.name).join(', ')}.`,
    details: { pipeline: graph.name, stage: name },
  });
}

function outputIn(results: RunResults, stage: string): unknown {
  const { status, data } = results.stage(stage);
  return status === StageState.Ok ? data : null;
}

function completedOf(results: RunResults, names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, outputIn(results, name)]));
}

function badName(name: unknown, pipeline: string): StageflowError {
  return new StageflowError({
    code: 'MCP_SERVER_INVALID',
    message: `Pipeline "${pipeline}" is offered under a name that clients refuse.`,
    fix: 'Use 1 to 64 of a-z, A-Z, 0-9, _ and -.',
    details: { pipeline, name },
  });
}
