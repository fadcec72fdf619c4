import { StageflowError } from '../errors/index.js';
import {
  accessRulesOf,
  metadataOf,
  type RetryFromMetadata,
  readMetadata,
  readOwnMetadata,
  type WhenMetadata,
} from '../metadata/index.js';
import {
  type Dependency,
  isExpectedDependency,
  isOptionalDependency,
  isQuorumDependency,
  type QuorumDependency,
  type StageClass,
  type StageContext,
  StageKind,
} from '../stage/index.js';
import { hasOutput } from './has-output.js';
import type {
  DeclaredCondition,
  DeclaredDependency,
  DeclaredQuorum,
  DeclaredRetryFrom,
  StageDeclaration,
} from './stage-declaration.js';
import { driverOf } from './stage-driver.js';

/** What the decorators of a class say. @throws METADATA_NOT_A_STAGE without `@Stage` on the class itself */
export function declareStageClass(stage: StageClass): StageDeclaration {
  if (readOwnMetadata('stage', stage) !== undefined) return declareClass(stage, stage.name);
  const parent = readMetadata('stage', stage);
  throw new StageflowError({
    code: 'METADATA_NOT_A_STAGE',
    message: `Class ${stage.name} is used as a stage but carries no @Stage${parent === undefined ? '' : `; its parent "${parent.name}" does, and that is not inherited`}.`,
    fix: `Put @Stage() on ${stage.name}.`,
    details: { class: stage.name },
  });
}

/** The same for a class that may be undecorated, as the builder takes it: then it is a transform without dependencies. */
export function declareClass(stage: StageClass, fallbackName: string): StageDeclaration {
  const metadata = readOwnMetadata('stage', stage);
  const said = metadataOf(stage);
  const listed = said.dependsOn?.dependencies ?? NONE;
  return {
    name: metadata?.name ?? fallbackName,
    namespace: '',
    kind: metadata?.kind ?? StageKind.Transform,
    timeoutMs: metadata?.timeoutMs ?? null,
    priority: metadata?.priority ?? 0,
    dependencies: withSource(declaredDependencies(listed), said.forEach?.source),
    quorums: declaredQuorums(listed),
    condition: declaredCondition(said.when, metadata?.when ?? null),
    interceptors: said.intercept?.interceptors ?? NONE,
    skips: said.skip ?? NONE,
    access: accessRulesOf(stage),
    retryFrom: declaredRetryFrom(said.retryFrom),
    compensates: said.compensate ?? false,
    driver: driverOf(said),
    idempotent: metadata?.idempotent ?? false,
    stageClass: stage,
    output: metadata?.output ?? null,
    input: metadata?.input ?? null,
  };
}

const NONE: readonly never[] = Object.freeze([]);

function declaredDependencies(listed: readonly Dependency[]): readonly DeclaredDependency[] {
  if (listed.length === 0) return NONE;
  return listed.flatMap((dependency): DeclaredDependency[] => {
    if (isQuorumDependency(dependency)) return membersOf(dependency);
    const { reads, contract } = isExpectedDependency(dependency) ? dependency : { reads: dependency, contract: null };
    const optional = isOptionalDependency(reads);
    return [{ target: optional ? reads.optionalStage : reads, optional, contract }];
  });
}

/** Where the items of a stage come from is a dependency, listed or not. */
export function withSource(
  dependencies: readonly DeclaredDependency[],
  source: StageClass | string | undefined,
): readonly DeclaredDependency[] {
  if (source === undefined || !Array.isArray(dependencies)) return dependencies;
  return [...dependencies, { target: source, optional: false, contract: null }];
}

/** The members of a quorum as dependencies. */
export function membersOf({ members }: QuorumDependency): DeclaredDependency[] {
  return members.map((target) => ({ target, optional: true, contract: null }));
}

function declaredQuorums(listed: readonly Dependency[]): readonly DeclaredQuorum[] {
  if (listed.length === 0) return NONE;
  return listed.flatMap((dependency) =>
    isQuorumDependency(dependency) ? [{ atLeast: dependency.atLeast, of: dependency.members }] : [],
  );
}

function declaredRetryFrom(declared: RetryFromMetadata | undefined): DeclaredRetryFrom | null {
  return declared === undefined ? null : { target: declared.stage, ...declared.options };
}

function declaredCondition(
  when: WhenMetadata | undefined,
  also: ((ctx: StageContext) => boolean) | null,
): DeclaredCondition | null {
  if (when === undefined) return also === null ? null : { on: null, predicate: also };
  const { stage, predicate } = when;
  const onStage = (ctx: StageContext): boolean => hasOutput(ctx, stage) && predicate(ctx.inputs.of(stage));
  return { on: stage, predicate: also === null ? onStage : (ctx) => onStage(ctx) && also(ctx) };
}
