import { type Class, Scope, tokenName } from '../metadata/index.js';
import { chainTo, type PlanNode, showPath } from './plan-node.js';
import type { ProblemList } from './problem-list.js';
import { pathToRun } from './scope-bubbling.js';
import { Lifecycle, type TsyringeContainer } from './tsyringe-container.js';
import { scanTsyringe } from './tsyringe-scan.js';

/** Reports everything that would outlive a run and keep something of it. */
export function checkCaptiveScopes(
  nodes: readonly PlanNode[],
  shared: Readonly<Record<'interceptors' | 'policies' | 'tools', ReadonlySet<PlanNode>>>,
  tsyringe: TsyringeContainer,
  problems: ProblemList,
): void {
  for (const node of nodes) {
    const { source } = node.record;
    if (source.kind === 'parent') checkParent(node, tsyringe, problems);
    else if (!node.needsRun) continue;
    else if (shared.interceptors.has(node)) reportShared(node, INTERCEPTOR, problems);
    else if (shared.policies.has(node)) reportShared(node, POLICY, problems);
    else if (shared.tools.has(node)) reportShared(node, TOOL, problems);
    else if (node.record.scope === Scope.Singleton) reportDeclared(node, 'is declared a singleton', problems);
    else if (source.kind === 'class' && node.record.scope === null && isSingletonIn(tsyringe, source.useClass)) {
      reportDeclared(node, 'is registered as a singleton in tsyringe', problems);
    }
  }
}

const INTERCEPTOR = {
  role: 'Interceptor',
  fix: 'Read ctx.auth and ctx.org in intercept() instead of asking for them in the constructor.',
};
const POLICY = {
  role: 'Access policy',
  fix: 'Read request.auth and request.org in decide() instead of asking for them in the constructor.',
};
const TOOL = {
  role: 'Tool',
  fix: 'Read ctx.auth and ctx.org in execute() instead of asking for them in the constructor.',
};

function reportShared(node: PlanNode, { role, fix }: typeof INTERCEPTOR, problems: ProblemList): void {
  const path = pathToRun(node);
  const need =
    path.length > 1 ? `needs what belongs to one run: ${showPath(path)}` : `is declared ${node.record.scope}-scoped`;
  problems.add('DI_CAPTIVE_SCOPE', `${role} ${node.name} serves all runs, but ${need}.`, fix, {
    provider: node.name,
    path,
    chain: chainTo(node),
  });
}

function reportDeclared(node: PlanNode, declared: string, problems: ProblemList): void {
  const path = pathToRun(node);
  problems.add(
    'DI_CAPTIVE_SCOPE',
    `${node.name} ${declared}, but needs what belongs to one run: ${showPath(path)}.`,
    `Leave out the scope of ${node.name}, which makes it run-scoped, or hand it what it needs as an argument of its methods.`,
    { provider: node.name, path, chain: chainTo(node) },
  );
}

function isSingletonIn(tsyringe: TsyringeContainer, target: Class): boolean {
  const lifecycle = tsyringe.has(target) ? tsyringe.registrations(target).at(-1)?.lifecycle : undefined;
  return lifecycle === Lifecycle.Singleton || lifecycle === Lifecycle.ContainerScoped;
}

function checkParent(node: PlanNode, tsyringe: TsyringeContainer, problems: ProblemList): void {
  for (const { kind, path: tokens } of scanTsyringe(tsyringe, node.record.token)) {
    const path = tokens.map(tokenName);
    const details = { provider: node.name, path, chain: chainTo(node) };
    if (kind === 'cycle') {
      const message = `Classes that tsyringe builds need each other in a circle: ${showPath(path)}.`;
      problems.add('DI_CYCLE', message, `Break it with delay(() => ${path[0]}), or by a third class.`, details);
    } else {
      problems.add(
        'DI_CAPTIVE_SCOPE',
        `tsyringe builds ${node.name} for all runs, but it needs what belongs to one: ${showPath(path)}.`,
        `List ${path.slice(0, -1).join(', ')} in the providers of a module, and register ${node.name} in tsyringe no more.`,
        details,
      );
    }
  }
}
