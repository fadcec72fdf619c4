import type { Problem } from '../errors/index.js';
import type { DependencyInit, RetryFromInit, StageNodeInit } from '../graph/index.js';
import { namesFor, namespacesFrom, type StageClass } from '../stage/index.js';
import type { DeclaredDependency, StageDeclaration } from './stage-declaration.js';

/** Finds the stages that declarations mean, by class or by name, from where each stands. */
export class StageLookup {
  readonly problems: Problem[] = [];
  readonly #pipeline: string;
  readonly #byClass = new Map<StageClass, StageDeclaration[]>();
  readonly #names: ReadonlySet<string>;

  constructor(pipeline: string, declarations: readonly StageDeclaration[]) {
    this.#pipeline = pipeline;
    this.#names = new Set(declarations.map(({ name }) => name));
    for (const declaration of declarations) {
      if (declaration.stageClass === null) continue;
      const same = this.#byClass.get(declaration.stageClass);
      if (same === undefined) this.#byClass.set(declaration.stageClass, [declaration]);
      else same.push(declaration);
    }
  }

  node(declaration: StageDeclaration): StageNodeInit {
    const { name, kind, timeoutMs, priority } = declaration;
    const on = declaration.condition?.on ?? null;
    const { dependencies } = declaration;
    // What is no list, or no class and no name, goes on as it is: the graph reports it with everything else.
    const dependsOn = Array.isArray(dependencies)
      ? dependencies.flatMap((dependency: DeclaredDependency) => this.#dependency(declaration, dependency))
      : (dependencies as unknown as DependencyInit[]);
    const [router] = on === null ? [] : this.#dependency(declaration, { target: on, optional: false });
    const node = { name, kind, timeoutMs, priority, dependsOn, condition: router?.stage ?? null };
    const { retryFrom, quorums, compensates, idempotent } = declaration;
    const isRare = retryFrom !== null || quorums.length > 0 || compensates || idempotent;
    return isRare ? { ...node, ...this.#rareFields(declaration) } : node;
  }

  #rareFields(declaration: StageDeclaration): Partial<StageNodeInit> {
    const quorums = declaration.quorums.map(({ atLeast, of }) => ({
      atLeast,
      of: of.flatMap((target) => this.#dependency(declaration, { target, optional: true })).map(({ stage }) => stage),
    }));
    return {
      retryFrom: this.#retryFrom(declaration),
      ...(quorums.length === 0 ? {} : { quorums }),
      ...(declaration.compensates ? { compensates: true } : {}),
      ...(declaration.idempotent ? { idempotent: true } : {}),
    };
  }

  #retryFrom(declaration: StageDeclaration): RetryFromInit | null {
    if (declaration.retryFrom === null) return null;
    const { target, ...options } = declaration.retryFrom;
    const [found] = this.#dependency(declaration, { target, optional: false });
    return found === undefined ? null : { stage: found.stage, ...options };
  }

  /** The one stage that a dependency of `from` means; null where that is not clear, which `node` reports. */
  nameOf(target: StageClass | string, from: StageDeclaration): string | null {
    if (typeof target !== 'function') return this.#named(target, from);
    const stages = this.#ofClass(target, from);
    return stages.length === 1 ? (stages[0] as StageDeclaration).name : null;
  }

  /** In a component that has a prefix, its own stages come first, then those of what it is part of. */
  #named(target: string, { namespace }: StageDeclaration): string | null {
    if (typeof target !== 'string') return null;
    for (const name of namesFor(target, namespace)) if (this.#names.has(name)) return name;
    return null;
  }

  #ofClass(target: StageClass, { namespace }: StageDeclaration): readonly StageDeclaration[] {
    const stages = this.#byClass.get(target) ?? [];
    if (stages.length < 2) return stages;
    for (const scope of namespacesFrom(namespace)) {
      const near = stages.filter((stage) => stage.namespace === scope);
      if (near.length > 0) return near;
    }
    return stages;
  }

  #dependency(
    from: StageDeclaration,
    { target, optional }: Pick<DeclaredDependency, 'target' | 'optional'>,
  ): DependencyInit[] {
    if (typeof target !== 'function') return [{ stage: this.#named(target, from) ?? target, optional }];
    const stages = this.#ofClass(target, from);
    const [first, second] = stages;
    if (second !== undefined) {
      this.problems.push(ambiguous(this.#pipeline, from.name, target, stages));
      return [];
    }
    if (first !== undefined) return [{ stage: first.name, optional }];
    if (!this.#names.has(target.name)) return [{ stage: target.name, optional }]; // the graph reports it as missing
    this.problems.push(namesake(this.#pipeline, from.name, target));
    return [];
  }
}

function ambiguous(
  pipeline: string,
  dependent: string,
  target: StageClass,
  stages: readonly StageDeclaration[],
): Problem {
  const names = stages.map(({ name }) => name);
  return {
    code: 'GRAPH_AMBIGUOUS_DEPENDENCY',
    message: `Stage "${dependent}" depends on class ${target.name}, which pipeline "${pipeline}" holds as ${names.map((n) => `"${n}"`).join(' and ')}.`,
    fix: 'Depend on one of them by name.',
    details: { pipeline, stage: dependent, class: target.name, stages: names },
  };
}

function namesake(pipeline: string, dependent: string, target: StageClass): Problem {
  return {
    code: 'GRAPH_MISSING_DEPENDENCY',
    message: `Stage "${dependent}" depends on class ${target.name}, which is not in pipeline "${pipeline}"; the stage of that name there is something else.`,
    fix: `Two classes are called ${target.name}: import the one the pipeline lists.`,
    details: { pipeline, stage: dependent, dependency: target.name },
  };
}
