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

/** The one list of what is stored on classes, and under which key. `Symbol.for`: two loaded copies of stageflow agree. */
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

const key = (kind: MetadataKind): symbol => Symbol.for(`stageflow:${kind}`);

/** Writes onto the class itself, never onto its parents or siblings. Needs reflect-metadata, which decorators load. */
export function writeMetadata<K extends MetadataKind>(kind: K, target: Function, value: MetadataRecords[K]): void {
  Reflect.defineMetadata(key(kind), value, target);
}

/** What was written onto exactly this class. Works without reflect-metadata: then there is nothing to find. */
export function readOwnMetadata<K extends MetadataKind>(kind: K, target: Function): MetadataRecords[K] | undefined {
  return Reflect.getOwnMetadata?.(key(kind), target) as MetadataRecords[K] | undefined;
}

/** What was written onto this class or, failing that, its nearest ancestor: the rule for `dependsOn`, `when`, `retryFrom`, `subPipeline`, `forEach`, `repeat`, `intercept`. */
export function readMetadata<K extends MetadataKind>(kind: K, target: Function): MetadataRecords[K] | undefined {
  return Reflect.getMetadata?.(key(kind), target) as MetadataRecords[K] | undefined;
}
