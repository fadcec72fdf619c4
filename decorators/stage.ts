import type { ContextSnapshot } from '../src/context/index.js';
import { type ContractSource, contractOf } from '../src/contracts/index.js';
import { StageflowError } from '../src/errors/index.js';
import {
  type AbstractClass,
  constructorProblems,
  readMetadata,
  type StageMetadata,
  writeMetadata,
} from '../src/metadata/index.js';
import {
  type RefuseBreach,
  type RefuseInput,
  type RefuseOutput,
  type StageContext,
  type StageInstance,
  StageKind,
} from '../src/stage/index.js';
import { checkPredicate } from './check-predicate.js';
import { checkOptionNames, describeValue, type Misuse, startChecks } from './misuse.js';

export interface StageOptions<
  out S extends ContractSource = ContractSource,
  out I extends ContractSource = ContractSource,
> {
  /** Default: `StageKind.Transform`. */
  readonly kind?: StageKind;
  /** Unique within a pipeline. Default: the class name; give one if your build renames classes. */
  readonly name?: string;
  /** Limit of one attempt in ms. 0 means none. Default: none. */
  readonly timeoutMs?: number;
  /** Higher starts first when more stages are ready than `maxConcurrency` allows. Default 0. */
  readonly priority?: number;
  /**
   * For a stage of kind work or agent: it may be called again when it is unknown whether it took effect, which is when the
   * process died while it ran. Default false.
   */
  readonly idempotent?: boolean;
  /** Decides, from the outputs this stage may read, whether it runs; where it says false the stage is skipped. */
  readonly when?: (ctx: StageContext) => boolean;
  /**
   * What the stage promises to hand on: a DTO class or any Standard Schema. An output that does not keep it fails the stage
   * with CONTRACT_VIOLATED before anybody reads it. Does not compile if `execute` returns something else.
   */
  readonly output?: S;
  /** What the stage expects of the run's input; it fails before it is called if the input does not keep it. */
  readonly input?: I;
}

type ReturnedBy<C> = C extends abstract new (...args: never[]) => { execute(...args: never[]): infer R } ? R : never;

type InputOf<C> = C extends abstract new (
  ...args: never[]
) => { execute(ctx: infer X, ...given: any[]): unknown }
  ? X extends { readonly snapshot: ContextSnapshot<infer I> }
    ? I
    : unknown
  : unknown;

const OPTION_NAMES = [
  'kind',
  'name',
  'timeoutMs',
  'priority',
  'idempotent',
  'when',
  'output',
  'input',
] as const satisfies (keyof StageOptions)[];

/**
 * Makes a class with an `execute(ctx)` method a stage.
 *
 * A subclass that is annotated too takes every option it does not give from its parent, except `name`.
 * @throws DefinitionError with METADATA_OPTION_INVALID, METADATA_MISSING or METADATA_ERASED, when the class is loaded.
 */
export function Stage<S extends ContractSource = never, I extends ContractSource = never>(
  options?: StageOptions<S, I>,
): <C extends AbstractClass<StageInstance>>(
  target: C & RefuseOutput<ReturnedBy<C>> & RefuseBreach<ReturnedBy<C>, S> & RefuseInput<InputOf<C>, I>,
) => void;
export function Stage(options: StageOptions = {}): (target: AbstractClass<StageInstance>) => void {
  return (target) => {
    const misuse = startChecks('@Stage', 'stage', target);
    checkOptionNames(misuse, options, OPTION_NAMES);
    checkContracts(misuse, options);
    checkOptions(misuse, { ...options, name: options.name ?? target.name });
    const metadata = resolve(target, options);
    checkStage(misuse, target, metadata);
    misuse.include(constructorProblems(target));
    misuse.throwIfAny();
    writeMetadata('stage', target, Object.freeze(metadata));
  };
}

function resolve(target: Function, options: StageOptions): StageMetadata {
  const parent = readMetadata('stage', Object.getPrototypeOf(target));
  return {
    name: options.name ?? target.name,
    kind: options.kind ?? parent?.kind ?? StageKind.Transform,
    timeoutMs: options.timeoutMs === undefined ? (parent?.timeoutMs ?? null) : options.timeoutMs || null,
    priority: options.priority ?? parent?.priority ?? 0,
    idempotent: options.idempotent ?? parent?.idempotent ?? false,
    when: options.when ?? parent?.when ?? null,
    output: options.output ?? parent?.output ?? null,
    input: options.input ?? parent?.input ?? null,
  };
}

function checkContracts(misuse: Misuse, options: StageOptions): void {
  for (const option of ['output', 'input'] as const) {
    if (!(option in options)) continue;
    try {
      contractOf(options[option] as ContractSource);
    } catch (error) {
      if (!(error instanceof StageflowError)) throw error;
      misuse.add(`has ${option} ${describeValue(options[option])}.`, error.fix ?? '', { option });
    }
  }
}

function checkOptions(misuse: Misuse, { kind, name, timeoutMs, priority, idempotent, when }: StageOptions): void {
  const kinds = Object.values(StageKind);
  if (kind !== undefined && !kinds.includes(kind)) {
    misuse.add(`has the unknown kind ${describeValue(kind)}.`, `Use one of ${kinds.join(', ')}.`, { option: 'kind' });
  }
  if (typeof name !== 'string' || name.trim() === '') {
    misuse.add(`has the name ${describeValue(name)}.`, 'Give a name that is not blank, or name the class.', {
      option: 'name',
    });
  }
  if (timeoutMs !== undefined && !(Number.isFinite(timeoutMs) && timeoutMs >= 0)) {
    misuse.add(`has timeoutMs ${describeValue(timeoutMs)}.`, 'Give milliseconds, or 0 for no limit.', {
      option: 'timeoutMs',
    });
  }
  if (priority !== undefined && !Number.isFinite(priority)) {
    misuse.add(`has priority ${describeValue(priority)}.`, 'Give a finite number; higher starts first.', {
      option: 'priority',
    });
  }
  if (idempotent !== undefined && typeof idempotent !== 'boolean') {
    misuse.add(`has idempotent ${describeValue(idempotent)}.`, 'Give true or false.', { option: 'idempotent' });
  }
  if (when !== undefined) checkPredicate(misuse, 'when', when);
}

function checkStage(misuse: Misuse, target: Function, metadata: StageMetadata): void {
  if (typeof target.prototype.execute !== 'function') {
    misuse.add(
      'finds no execute method.',
      'Declare `execute(ctx) { … }` as a method with a body, not as a property; put @Stage on the class that implements it.',
    );
  }
  if (metadata.when !== null && readMetadata('when', target) !== undefined) addSecondCondition(misuse);
}

/** A stage has one condition; a subclass replaces its parent's in the same form. */
export function addSecondCondition(misuse: Misuse): void {
  misuse.add(
    'gives a second condition: this class has, or inherits, both `when` in @Stage and @When.',
    'Keep one of them; to combine both, test everything in `when`.',
    { option: 'when' },
  );
}
