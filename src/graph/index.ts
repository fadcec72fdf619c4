export { validateGraph } from './analyse.js';
export { ClosestName } from './closest-name.js';
export {
  type DependencyInit,
  FailurePolicy,
  type GraphInit,
  type QuorumInit,
  type RetryFromInit,
  type StageNodeInit,
} from './graph-init.js';
export { type LintIssue, LintWarning, lintGraph } from './lint.js';
export type { PlanContent, PlanJson } from './plan.js';
export { renderDot } from './render-dot.js';
export { renderMermaid } from './render-mermaid.js';
export { renderText } from './render-text.js';
export { StageGraph } from './stage-graph.js';
export type { Adjacency, Topology } from './topology.js';
