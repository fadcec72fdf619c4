import type {} from 'reflect-metadata'; // types only: decorators/ loads the code
import type { InterceptorClass } from '../stage/index.js';
import type {
  AccessMetadata,
  DependsOnMetadata,
  ForEachMetadata,
  InjectableMetadata,
  InterceptMetadata,
  LoopPlan,
  ModuleMetadata,
  ParameterMetadata,
  RetryFromMetadata,
  StageMetadata,
  SubPipelineMetadata,
  WhenMetadata,
} from './records.js';

/** The one list of what is stored on classes. */
interface MetadataRecords {
  readonly stage: StageMetadata;
  readonly dependsOn: DependsOnMetadata;
  readonly when: WhenMetadata;
  readonly retryFrom: RetryFromMetadata;
  readonly subPipeline: SubPipelineMetadata;
  readonly forEach: ForEachMetadata;
  readonly repeat: LoopPlan;
  /** It carries `@Compensate`. */
  readonly compensate: true;
  readonly intercept: InterceptMetadata;
  /** What `@SkipInterceptor` says. */
  readonly skip: readonly InterceptorClass[];
  readonly access: AccessMetadata;
  readonly tool: unknown; // known to src/tools, which stands beside this folder
  readonly agent: unknown; // known to src/agents
  /** The tools without which it cannot do its work. */
  readonly usesTools: readonly object[];
  readonly module: ModuleMetadata;
  readonly injectable: InjectableMetadata;
  readonly parameters: readonly ParameterMetadata[];
}
export type MetadataKind = keyof MetadataRecords;

type Records = { -readonly [K in MetadataKind]?: MetadataRecords[K] };

/**
 * Everything said of one class stands under one key, since plans ask for many kinds of which most are not there.
 * `Symbol.for`: two loaded copies of stageflow agree.
 */
const KEY = Symbol.for('stageflow:records');

const NOTHING: ClassMetadata = Object.freeze({});

/** Writes onto the class itself, never onto its parents or siblings. Needs reflect-metadata, which decorators load. */
export function writeMetadata<K extends MetadataKind>(kind: K, target: Function, value: MetadataRecords[K]): void {
  const known = recordsOf(target);
  if (known !== undefined) known[kind] = value as Records[K];
  else Reflect.defineMetadata(KEY, { [kind]: value }, target);
}

/** What was written onto exactly this class. Works without reflect-metadata: then there is nothing to find. */
export function readOwnMetadata<K extends MetadataKind>(kind: K, target: Function): MetadataRecords[K] | undefined {
  return recordsOf(target)?.[kind];
}

/** What was written onto this class or, failing that, its nearest ancestor: the rule for `dependsOn`, `when`, `retryFrom`, `subPipeline`, `forEach`, `repeat`, `intercept`. */
export function readMetadata<K extends MetadataKind>(kind: K, target: Function): MetadataRecords[K] | undefined {
  return metadataOf(target)[kind];
}

/** Everything that `readMetadata` finds, for those who ask a class for many kinds. */
export type ClassMetadata = { readonly [K in MetadataKind]?: MetadataRecords[K] };

export function metadataOf(target: Function): ClassMetadata {
  const own = recordsOf(target);
  const parent: unknown = Object.getPrototypeOf(target);
  if (typeof parent !== 'function' || parent === Function.prototype) return own ?? NOTHING;
  return { ...metadataOf(parent), ...own };
}

function recordsOf(target: Function): Records | undefined {
  return Reflect.getOwnMetadata?.(KEY, target) as Records | undefined;
}
