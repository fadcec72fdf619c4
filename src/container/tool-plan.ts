import type { AccessRule } from '../auth/index.js';
import { accessRulesOf, readMetadata, readOwnMetadata } from '../metadata/index.js';
import { boundTool, layeredTool } from '../pipeline/index.js';
import type { AnyInterceptor, InterceptorLike, ToolClass } from '../stage/index.js';
import { ToolBelt, type ToolExecutor, type ToolInstance } from '../tools/index.js';
import { type AccessSlot, moduleAccess, planAccess } from './access-plan.js';
import type { InterceptorSlot } from './interceptor-slot.js';
import type { PlanNode } from './plan-node.js';
import type { Planner } from './planner.js';
import type { ProblemList } from './problem-list.js';
import { componentsOf } from './visibility.js';
import type { ModuleNode } from './wiring-records.js';

/** A tool of a pipeline, what builds it, and what may be around it. */
export interface PlannedTool {
  readonly toolClass: ToolClass;
  readonly node: PlanNode;
  /** Application, module, pipeline: they say themselves whether they want tools. */
  readonly around: readonly InterceptorSlot[];
  /** Those of `@Intercept` on the class. */
  readonly own: readonly InterceptorSlot[];
  /** Those of the modules it is in, and its own. */
  readonly access: readonly AccessSlot[];
}

/** Plans interceptors as seen from a module. */
type Slots = (interceptors: readonly InterceptorLike[], module: ModuleNode) => readonly InterceptorSlot[];

/** The tools of a module and of everything it imports, each class once; names must differ. */
export function planTools(
  module: ModuleNode,
  planner: Planner,
  problems: ProblemList,
  slots: Slots,
  ofApplication: readonly InterceptorSlot[],
): readonly PlannedTool[] {
  const tools = new Map<ToolClass, PlannedTool>();
  const names = new Map<string, ToolClass>();
  for (const { module: home } of componentsOf(module)) {
    for (const given of home.definition.tools) {
      const toolClass = given as ToolClass;
      const record = typeof given === 'function' ? home.own.get(given) : undefined;
      if (record === undefined || tools.has(toolClass)) continue; // what is no class has been reported
      const options = readOwnMetadata('tool', toolClass) as { readonly name: string } | undefined;
      if (options === undefined) reportNoTool(toolClass, home, problems);
      else {
        const twin = names.get(options.name);
        if (twin !== undefined) reportTwins(options.name, [twin, toolClass], module, problems);
        names.set(options.name, toolClass);
        const shared = home === module ? [home] : [home, module];
        const around = [...ofApplication, ...shared.flatMap((at) => slots(at.definition.interceptors, at))];
        const own = slots(readMetadata('intercept', toolClass)?.interceptors ?? [], home);
        const subject = `tool "${options.name}"`;
        const ofModules = moduleAccess(home, module);
        const access = planAccess(subject, accessRulesOf(toolClass), ofModules, planner, problems);
        tools.set(toolClass, { toolClass, node: planner.addTool(record, home), around, own, access });
      }
    }
  }
  return [...tools.values()];
}

/** @param instances by index of `tools` @param outside those of the application, where the plan does not know them */
export function bindPlannedTools(
  tools: readonly PlannedTool[],
  instances: readonly unknown[],
  executor: ToolExecutor,
  interceptorOf: (slot: InterceptorSlot) => AnyInterceptor,
  ruleOf: (slot: AccessSlot) => AccessRule,
  outside: readonly AnyInterceptor[] = [],
): ToolBelt {
  const definitions = tools.map(({ toolClass, around, own, access }, index) => {
    const tool = boundTool(toolClass, instances[index] as ToolInstance, access.map(ruleOf));
    return layeredTool(tool, [...outside, ...around.map(interceptorOf)], own.map(interceptorOf));
  });
  return new ToolBelt(definitions, executor);
}

function reportNoTool(toolClass: ToolClass, home: ModuleNode, problems: ProblemList): void {
  problems.add(
    'TOOL_INVALID',
    `Module ${home.name} lists ${toolClass.name} as a tool, but the class carries no @Tool of its own.`,
    `Put @Tool({ … }) on ${toolClass.name}, or remove it from the tools.`,
    { class: toolClass.name, module: home.name },
  );
}

function reportTwins(name: string, [a, b]: readonly ToolClass[], module: ModuleNode, problems: ProblemList): void {
  problems.add(
    'TOOL_DUPLICATE',
    `${a?.name} and ${b?.name} of module ${module.name} are both tools of the name "${name}".`,
    'Rename one of them.',
    { tool: name, module: module.name },
  );
}
