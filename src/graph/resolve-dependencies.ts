import type { StageSpec } from '../stage/index.js';
import { ClosestName } from './closest-name.js';
import { quote } from './quote.js';
import type { GraphDraft } from './read-init.js';

/** Names turned into indexes. */
export interface ResolvedDependencies {
  /** The first stage of each name. */
  readonly indexByName: ReadonlyMap<string, number>;
  /** Per stage the indexes of its dependencies, in the order of `dependsOn`; those with a problem are left out. */
  readonly dependencies: readonly (readonly number[])[];
}

const NONE: readonly number[] = Object.freeze([]);

/** Looks up every dependency, reporting duplicate, own and missing names. */
export function resolveDependencies(draft: GraphDraft): ResolvedDependencies {
  const indexByName = indexNames(draft);
  const closest = new ClosestName(indexByName);
  const dependencies = draft.stages.map((spec, position) => {
    if (spec.dependsOn.length === 0) return NONE;
    const indexes: number[] = [];
    for (const { stage } of spec.dependsOn) {
      const index = indexByName.get(stage);
      if (stage === spec.name) reportSelf(draft, spec, position);
      else if (index === undefined) reportMissing(draft, spec, position, stage, closest.of(stage));
      else indexes.push(index);
    }
    return Object.freeze(indexes);
  });
  return { indexByName, dependencies: Object.freeze(dependencies) };
}

function indexNames(draft: GraphDraft): Map<string, number> {
  const indexByName = new Map<string, number>();
  const repeats = new Map<string, number[]>();
  for (let position = 0; position < draft.stages.length; position++) {
    const { name } = draft.stages[position]!;
    if (name === '') continue;
    const first = indexByName.get(name);
    if (first === undefined) indexByName.set(name, position);
    else if (repeats.has(name)) repeats.get(name)!.push(position);
    else repeats.set(name, [first, position]);
  }
  for (const [name, positions] of repeats) reportDuplicate(draft, name, positions);
  return indexByName;
}

function reportDuplicate(draft: GraphDraft, name: string, positions: readonly number[]): void {
  draft.found.add({
    code: 'GRAPH_DUPLICATE_STAGE',
    message: `Pipeline ${quote(draft.name)} has ${positions.length} stages named ${quote(name)}.`,
    fix: 'Rename or remove all but one.',
    path: `stages[${positions[1]}].name`,
    stages: [name],
    details: { positions: Object.freeze([...positions]) },
  });
}

function reportSelf(draft: GraphDraft, spec: StageSpec, position: number): void {
  const { name, condition } = spec;
  draft.found.add({
    code: 'GRAPH_SELF_DEPENDENCY',
    message:
      condition === name
        ? `The condition of stage ${quote(name)} of pipeline ${quote(draft.name)} looks at the stage itself.`
        : `Stage ${quote(name)} of pipeline ${quote(draft.name)} depends on itself.`,
    fix:
      condition === name
        ? 'Let it look at a stage that has run before.'
        : `Remove ${quote(name)} from its own dependencies.`,
    path: fieldOf(spec, position, name),
    stages: [name],
  });
}

function reportMissing(
  draft: GraphDraft,
  spec: StageSpec,
  position: number,
  missing: string,
  suggestion: string | undefined,
): void {
  const dependent = spec.name === '' ? `the stage at stages[${position}]` : quote(spec.name);
  const asCondition = spec.condition === missing;
  const where = `which is not in pipeline ${quote(draft.name)}.`;
  const subject = spec.name === '' ? `The stage at stages[${position}]` : `Stage ${quote(spec.name)}`;
  const remove = asCondition
    ? `change the condition of ${dependent}`
    : `remove it from the dependencies of ${dependent}`;
  const hint = suggestion === undefined ? '' : `Did you mean ${quote(suggestion)}? If not: add`;
  draft.found.add({
    code: 'GRAPH_MISSING_DEPENDENCY',
    message: asCondition
      ? `The condition of ${spec.name === '' ? dependent : `stage ${dependent}`} looks at ${quote(missing)}, ${where}`
      : `${subject} depends on ${quote(missing)}, ${where}`,
    fix: `${hint || 'Add'} ${quote(missing)} to the stages, or ${remove}.`,
    path: fieldOf(spec, position, missing),
    stages: spec.name === '' ? [] : [spec.name],
    details: { missing, suggestion: suggestion ?? null },
  });
}

function fieldOf(spec: StageSpec, position: number, dependency: string): string {
  return `stages[${position}].${spec.condition === dependency ? 'condition' : 'dependsOn'}`;
}
