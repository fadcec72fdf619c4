import { type AccessRule, accessRuleProblems, combineRules } from '../auth/index.js';
import { accessRulesOf } from '../metadata/index.js';
import type { PlanNode } from './plan-node.js';
import type { Planner } from './planner.js';
import type { ProblemList } from './problem-list.js';
import type { ModuleNode } from './wiring-records.js';

/** One access rule of a stage or tool, with the policy that the container builds for it. */
export interface AccessSlot {
  readonly rule: AccessRule;
  readonly node: PlanNode | null;
}

/** The modules a stage or tool is in, and what they say of access to everything they bring into the pipeline. */
export interface ModuleAccess {
  readonly home: ModuleNode;
  readonly pipeline: ModuleNode;
  readonly rules: readonly AccessRule[];
  /** Those of `rules` that the pipeline itself says. */
  readonly ofPipeline: ReadonlySet<AccessRule>;
}

export function moduleAccess(home: ModuleNode, pipeline: ModuleNode): ModuleAccess {
  const rules = moduleRules(home, pipeline);
  return { home, pipeline, rules, ofPipeline: new Set(accessRulesOf(pipeline.moduleClass)) };
}

const OPEN: readonly AccessSlot[] = Object.freeze([]);

/**
 * The rules of a stage or tool: those of the modules it is in, and its own.
 * @param subject `stage "Refund"`
 */
export function planAccess(
  subject: string,
  own: readonly AccessRule[],
  { home, pipeline, rules: ofModules, ofPipeline }: ModuleAccess,
  planner: Planner,
  problems: ProblemList,
): readonly AccessSlot[] {
  if (own.length === 0 && ofModules.length === 0) return OPEN;
  const rules = combineRules(ofModules, own);
  const wrong = accessRuleProblems(rules, subject);
  problems.include(wrong);
  if (wrong.length > 0) return [];
  return rules.map((rule) => {
    if (rule.rule !== 'policy' || typeof rule.policy !== 'function') return { rule, node: null };
    // Built where it was asked for, which is where its services are seen.
    return { rule, node: planner.addPolicy(rule.policy, ofPipeline.has(rule) ? pipeline : home) };
  });
}

/** A pipeline closes what a module it imports leaves open; the module opens nothing of the pipeline. */
function moduleRules(home: ModuleNode, pipeline: ModuleNode): readonly AccessRule[] {
  const own = accessRulesOf(home.moduleClass);
  if (home === pipeline) return own;
  const all = [...accessRulesOf(pipeline.moduleClass), ...own];
  const closing = all.filter(({ rule }) => rule !== 'public');
  return closing.length > 0 ? closing : all;
}
