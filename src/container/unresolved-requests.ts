import { type Token, tokenName } from '../metadata/index.js';
import { chainTo, type PlanNode, showPath } from './plan-node.js';
import type { ProblemList } from './problem-list.js';
import type { Lookup } from './resolver.js';
import type { DependencyRequest, ModuleNode } from './wiring-records.js';

type Failure = Exclude<Lookup, { kind: 'found' }>;

interface Unresolved {
  readonly token: Token;
  readonly home: ModuleNode | null;
  readonly failure: Failure;
  readonly first: DependencyRequest;
  readonly chain: readonly string[];
  readonly askers: string[];
}

/** What nobody provides. One problem per token and module, however many ask. */
export class UnresolvedRequests {
  readonly #byHome = new Map<ModuleNode | null, Map<Token, Unresolved>>();

  add(asker: PlanNode, asked: DependencyRequest, failure: Failure): void {
    const { home } = asker.record;
    const byToken = this.#byHome.get(home) ?? new Map<Token, Unresolved>();
    this.#byHome.set(home, byToken);
    const known = byToken.get(asked.token);
    if (known !== undefined) {
      known.askers.push(asker.name);
      return;
    }
    const { token } = asked;
    const chain = [...chainTo(asker), tokenName(token)];
    byToken.set(token, { token, home, failure, first: asked, chain, askers: [asker.name] });
  }

  report(problems: ProblemList): void {
    for (const byToken of this.#byHome.values()) {
      for (const unresolved of byToken.values()) reportUnresolved(unresolved, problems);
    }
  }
}

function reportUnresolved(unresolved: Unresolved, problems: ProblemList): void {
  const { token, home, failure, first, chain, askers } = unresolved;
  const name = tokenName(token);
  const others = askers.length > 1 ? ` ${askers.length - 1} more ask for it.` : '';
  const asks = `${first.place} asks for it: ${showPath(chain)}.${others}`;
  const details = { token: name, module: home?.name ?? null, chain, askers };
  if (failure.kind === 'missing') {
    const fix =
      home === null
        ? `Register ${name} in the tsyringe container.`
        : `Add ${name} to the providers of ${home.name}, or import a module that exports it.`;
    problems.add('DI_MISSING_PROVIDER', `Nobody provides ${name}; ${asks}`, fix, details);
    return;
  }
  const owner = failure.owner.name;
  const asking = home?.name ?? 'tsyringe';
  const withOwner = { ...details, owner };
  if (failure.kind === 'not-imported') {
    const message = `Module ${asking} does not import ${owner}, which provides ${name}; ${asks}`;
    problems.add('DI_MISSING_PROVIDER', message, `Add ${owner} to the imports of ${asking}.`, withOwner);
    return;
  }
  const message = `Module ${owner} provides ${name}, but does not export it to ${asking}; ${asks}`;
  problems.add('DI_NOT_EXPORTED', message, exportFix(home, failure.owner, name), withOwner);
}

function exportFix(home: ModuleNode | null, owner: ModuleNode, name: string): string {
  const add = `Add ${name} to the exports of ${owner.name}`;
  if (home === null || home.imports.includes(owner)) return `${add}.`;
  return `${add}, and import ${owner.name} in ${home.name} or have a module that it imports re-export it.`;
}
