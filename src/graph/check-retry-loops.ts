import type { StageSpec } from '../stage/index.js';
import { ClosestName } from './closest-name.js';
import { quote } from './quote.js';
import type { GraphDraft } from './read-init.js';
import type { ResolvedDependencies } from './resolve-dependencies.js';

/** Reports guards that send the run back to a stage which they do not run after. */
export function checkRetryLoops(draft: GraphDraft, { indexByName, dependencies }: ResolvedDependencies): void {
  const closest = new ClosestName(indexByName);
  for (const [position, spec] of draft.stages.entries()) {
    if (spec.retryFrom === undefined) continue;
    const { stage } = spec.retryFrom;
    const target = indexByName.get(stage);
    if (stage === spec.name) refuse(draft, spec, position, 'itself', SELF_FIX);
    else if (target === undefined) reportUnknown(draft, spec, position, closest.of(stage));
    else if (!isUpstream(target, position, dependencies)) {
      const fix = `Let ${quote(spec.name)} depend on ${quote(stage)}, directly or through others, or go back to a stage it depends on.`;
      refuse(draft, spec, position, `${quote(stage)}, which it does not run after`, fix);
    }
  }
}

const SELF_FIX = 'Name a stage it depends on. To ask the guard itself again, put a retry around it.';

function reportUnknown(draft: GraphDraft, spec: StageSpec, position: number, suggestion: string | undefined): void {
  const stage = spec.retryFrom!.stage;
  const hint = suggestion === undefined ? '' : `Did you mean ${quote(suggestion)}? If not: `;
  const fix = `${hint}${hint === '' ? 'Name' : 'name'} a stage that the guard depends on.`;
  refuse(draft, spec, position, `${quote(stage)}, which is not in it`, fix);
}

function refuse(draft: GraphDraft, spec: StageSpec, position: number, what: string, fix: string): void {
  draft.found.add({
    code: 'GRAPH_RETRY_INVALID',
    message: `Guard ${quote(spec.name)} of pipeline ${quote(draft.name)} goes back to ${what}.`,
    fix,
    path: `stages[${position}].retryFrom.stage`,
    stages: [spec.name, spec.retryFrom!.stage],
  });
}

function isUpstream(target: number, stage: number, dependencies: readonly (readonly number[])[]): boolean {
  const seen = new Set<number>();
  const pending = [stage];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const dependency of dependencies[next] ?? []) {
      if (dependency === target) return true;
      if (seen.has(dependency)) continue;
      seen.add(dependency);
      pending.push(dependency);
    }
  }
  return false;
}
