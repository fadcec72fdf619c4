import { ClosestName } from '../graph/index.js';
import { startedBy } from '../pipeline/index.js';
import type { SpawnableModule } from '../stage/index.js';
import type { PlannedPipeline } from './pipeline-plan.js';
import type { ProblemList } from './problem-list.js';

/** Reports stages that start runs of a module which is no pipeline of the application. */
export function requireKnownChildren(pipelines: readonly PlannedPipeline[], problems: ProblemList): void {
  const reported = new Set<unknown>();
  for (const { declaration, home } of pipelines.flatMap(({ stages }) => stages)) {
    const { driver, stageClass } = declaration;
    const wanted = startedBy(driver) as SpawnableModule | null; // the decorators take nothing but modules
    if (wanted === null || reported.has(stageClass) || isKnown(wanted, pipelines)) continue;
    reported.add(stageClass);
    const { name } = typeof wanted === 'function' ? wanted : wanted.module;
    const known = pipelines.map(({ module }) => module.name);
    const suggestion = new ClosestName(new Map(known.map((other) => [other, other]))).of(name);
    problems.add(
      'REGISTRY_UNKNOWN',
      `Stage "${declaration.name}" of module ${home.name} runs ${name}, which is not a pipeline of this application. It has ${known.join(', ')}.`,
      suggestion === undefined
        ? `Import ${name} in the root module, and give it stages.`
        : `Did you mean ${suggestion}?`,
      { stage: declaration.name, module: name, known },
    );
  }
}

function isKnown(wanted: SpawnableModule, pipelines: readonly PlannedPipeline[]): boolean {
  const ofClass = pipelines.filter(({ module }) => module.moduleClass === wanted);
  return ofClass.length === 1 || pipelines.some(({ module }) => module.key === wanted);
}
