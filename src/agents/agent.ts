import 'reflect-metadata';
import type { ContractSource } from '../contracts/index.js';
import { DefinitionError, type Problem } from '../errors/index.js';
import {
  constructorOwner,
  constructorProblems,
  readOwnMetadata,
  type StageMetadata,
  type Token,
  writeMetadata,
} from '../metadata/index.js';
import { type StageContext, StageKind } from '../stage/index.js';
import type { AgentStage, AnswerOf } from './agent-stage.js';
import { type AgentOptions, agentProblems } from './loop/index.js';
import { ModelProvider } from './model/index.js';

/** What `@Agent` says of the stage that the agent is, beside what it says of the agent. */
export interface AgentStageOptions<O extends ContractSource = ContractSource> extends AgentOptions<O> {
  /** What the model is injected by, unless the class has a constructor of its own. Default: `ModelProvider`. */
  readonly model?: Token<ModelProvider>;
  /** Unique within a pipeline. Default: the class name. */
  readonly name?: string;
  /** Limit of one attempt of the stage in ms. For a limit that keeps what was done until then see `budget.timeMs`. */
  readonly timeoutMs?: number;
  /** Higher starts first when more stages are ready than `maxConcurrency` allows. Default 0. */
  readonly priority?: number;
  /** A resumed run may ask it again although it is unknown what it had done. Needs tools whose calls are remembered. */
  readonly idempotent?: boolean;
  /** Where it says false the agent is not asked. */
  readonly when?: (ctx: StageContext) => boolean;
}

const OPTION_NAMES = [
  'model',
  'name',
  'timeoutMs',
  'priority',
  'idempotent',
  'when',
  'instructions',
  'tools',
  'output',
  'maxTurns',
  'budget',
  'prices',
  'maxOutputTokens',
  'temperature',
  'repairs',
  'stagnation',
  'modelRetries',
  'streamTokens',
  'history',
  'guards',
  'maxResultChars',
] as const satisfies (keyof AgentStageOptions)[];

/** A class whose agent answers with what `output` gives. */
type AgentClass<O extends ContractSource> = new (...args: any[]) => AgentStage<AnswerOf<O>>; // filled by the container

/**
 * Makes a class that extends `AgentStage` a stage of kind agent. Without a constructor of its own it gets the model that is
 * provided as `ModelProvider`, or under the token `model`.
 *
 * Does not compile if the class answers with something else than `output`. Not inherited.
 * @throws DefinitionError with AGENT_OPTION_INVALID, METADATA_MISSING or METADATA_ERASED, when the class is loaded.
 */
export function Agent<O extends ContractSource = never>(
  options: AgentStageOptions<O>,
): (target: AgentClass<O>) => void {
  return (target) => {
    const problems = [...agentProblems(target.name, options), ...ownProblems(target, options)];
    if (problems.length === 0) {
      const hasOwnConstructor = constructorOwner(target) === target;
      if (!hasOwnConstructor) injectModel(target, options.model ?? ModelProvider);
      problems.push(...constructorProblems(target));
    }
    if (problems.length > 0) throw new DefinitionError(`@Agent on "${target.name}"`, problems);
    writeMetadata('agent', target, Object.freeze({ ...options }));
    writeMetadata('usesTools', target, Object.freeze([...(options.tools ?? [])]));
    writeMetadata('stage', target, Object.freeze(stageOf(target, options)));
  };
}

function stageOf(target: AgentClass<any>, options: AgentStageOptions): StageMetadata {
  const { name = target.name, timeoutMs = 0, priority = 0, idempotent = false, when = null } = options;
  return {
    name,
    kind: StageKind.Agent,
    timeoutMs: timeoutMs || null,
    priority,
    idempotent,
    when,
    output: null,
    input: null,
  };
}

/** Says of the class what the compiler would say if it repeated the constructor of `AgentStage`. */
function injectModel(target: AgentClass<any>, token: Token<ModelProvider>): void {
  Reflect.defineMetadata('design:paramtypes', [ModelProvider], target);
  Object.defineProperty(target, 'length', { value: 1, configurable: true });
  writeMetadata('parameters', target, Object.freeze([Object.freeze({ index: 0, token })]));
}

function ownProblems(target: AgentClass<any>, options: AgentStageOptions): readonly Problem[] {
  const problems: Problem[] = [];
  const refuse = (option: string, what: string, fix: string): void => {
    const message = `@Agent on "${target.name}" ${what}.`;
    problems.push({ code: 'AGENT_OPTION_INVALID', message, fix, details: { agent: target.name, option } });
  };
  for (const option of Object.keys(options)) {
    if ((OPTION_NAMES as readonly string[]).includes(option)) continue;
    refuse(option, `has no option "${option}"`, `The options are ${OPTION_NAMES.join(', ')}.`);
  }
  const { name, timeoutMs, priority } = options;
  if (name !== undefined && (typeof name !== 'string' || name.trim() === '')) {
    refuse('name', 'has a blank name', 'Give another, or name the class.');
  }
  if (timeoutMs !== undefined && !(Number.isFinite(timeoutMs) && timeoutMs >= 0)) {
    refuse('timeoutMs', `has timeoutMs ${String(timeoutMs)}`, 'Give milliseconds, or 0 for no limit.');
  }
  if (priority !== undefined && !Number.isFinite(priority)) {
    refuse('priority', `has priority ${String(priority)}`, 'Give a finite number; higher starts first.');
  }
  if (readOwnMetadata('stage', target) !== undefined) {
    refuse('stage', 'stands beside @Stage', 'Keep @Agent: it makes the class a stage.');
  }
  if (typeof target.prototype.execute !== 'function') {
    refuse('class', 'finds no execute method', 'Let the class extend AgentStage.');
  }
  if (options.model !== undefined && constructorOwner(target) === target) {
    refuse('model', 'has the option model, and the class a constructor', 'Inject the model in the constructor.');
  }
  return problems;
}
