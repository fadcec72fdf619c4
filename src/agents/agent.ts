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
import { AgentStage, type AnswerOf } from './agent-stage.js';
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
  'maxCallsPerTurn',
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
    const problems = [
      ...agentProblems(target.name, options),
      ...optionProblems(target, options),
      ...classProblems(target, options),
    ];
    if (problems.length === 0) {
      const { model } = options;
      if (model !== undefined || constructorOwner(target) === AgentStage) injectModel(target, model ?? ModelProvider);
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

/** Classes that have the constructor of `AgentStage`, whatever their metadata says. */
const injected = new WeakSet<object>();

/** Says of the class what the compiler would say if it repeated the constructor of `AgentStage`. */
function injectModel(target: AgentClass<any>, token: Token<ModelProvider>): void {
  Reflect.defineMetadata('design:paramtypes', [ModelProvider], target);
  Object.defineProperty(target, 'length', { value: 1, configurable: true });
  writeMetadata('parameters', target, Object.freeze([Object.freeze({ index: 0, token })]));
  injected.add(target);
}

function hasConstructor(target: AgentClass<any>): boolean {
  const owner = constructorOwner(target);
  return owner !== undefined && owner !== AgentStage && !injected.has(owner);
}

function optionProblems(target: AgentClass<any>, options: AgentStageOptions): readonly Problem[] {
  const problems = Object.keys(options)
    .filter((option) => !(OPTION_NAMES as readonly string[]).includes(option))
    .map((option) => refusal(target, option, `has no option "${option}"`, `Use ${OPTION_NAMES.join(', ')}.`));
  const { name, timeoutMs, priority } = options;
  if (name !== undefined && (typeof name !== 'string' || name.trim() === '')) {
    problems.push(refusal(target, 'name', 'has a blank name', 'Give another, or name the class.'));
  }
  if (timeoutMs !== undefined && !(Number.isFinite(timeoutMs) && timeoutMs >= 0)) {
    const fix = 'Give milliseconds, or 0 for no limit.';
    problems.push(refusal(target, 'timeoutMs', `has timeoutMs ${String(timeoutMs)}`, fix));
  }
  if (priority !== undefined && !Number.isFinite(priority)) {
    const fix = 'Give a finite number; higher starts first.';
    problems.push(refusal(target, 'priority', `has priority ${String(priority)}`, fix));
  }
  return problems;
}

function classProblems(target: AgentClass<any>, { model }: AgentStageOptions): readonly Problem[] {
  const problems: Problem[] = [];
  if (readOwnMetadata('stage', target) !== undefined) {
    const what = 'stands beside another @Agent or @Stage';
    problems.push(refusal(target, 'class', what, 'Keep one @Agent: it makes the class a stage.'));
  }
  if (typeof target.prototype.execute !== 'function') {
    problems.push(refusal(target, 'class', 'finds no execute method', 'Let the class extend AgentStage.'));
  }
  if (model !== undefined && hasConstructor(target)) {
    const what = 'has the option model, and the class a constructor of its own';
    problems.push(refusal(target, 'model', what, 'Inject the model in the constructor.'));
  }
  return problems;
}

function refusal(target: AgentClass<any>, option: string, what: string, fix: string): Problem {
  const message = `@Agent on "${target.name}" ${what}.`;
  return { code: 'AGENT_OPTION_INVALID', message, fix, details: { agent: target.name, option } };
}
