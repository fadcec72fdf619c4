import type { AccessRule } from '../auth/index.js';
import { type Problem, StageflowError } from '../errors/index.js';
import type { BoundPipeline } from './bound-pipeline.js';

/** What is wrong with stages that have access rules where nothing tells who calls; null if there are none. */
export function callersUnknown(
  subject: string,
  stages: Iterable<readonly [name: string, rules: readonly AccessRule[]]>,
): Problem | null {
  const closed = [...stages].filter(([, rules]) => rules.some((rule) => rule?.rule !== 'public'));
  if (closed.length === 0) return null;
  const ruled = [...new Set(closed.map(([name]) => name))]; // one class may be in several pipelines
  const names = ruled.map((name) => `"${name}"`).join(', ');
  return {
    code: 'AUTH_NOT_CONFIGURED',
    message: `${subject} has access rules on ${names}, but nothing tells who calls.`,
    fix: 'Give a verifier; or, if your program verifies callers and passes auth, say trustedCallers: true.',
    details: { stages: ruled },
  };
}

/** The same at the last moment, for pipelines that were bound by hand or for another engine. */
export function requireKnownCallers({ graph, stages }: BoundPipeline, known: boolean): void {
  if (known) return;
  const problem = callersUnknown(
    `Pipeline "${graph.name}"`,
    graph.stages.map(({ name }, index) => [name, stages[index]?.access ?? []] as const),
  );
  if (problem !== null) throw new StageflowError(problem);
}
