import { type Class, Scope, type Token } from '../metadata/index.js';
import { request, requestsOf } from './dependency-request.js';
import { PlanNode, type PlannedDependency } from './plan-node.js';
import type { ProblemList } from './problem-list.js';
import type { Resolver } from './resolver.js';
import { whereThereIsOne } from './run-tokens.js';
import { UnresolvedRequests } from './unresolved-requests.js';
import type { DependencyRequest, ModuleNode, ProviderRecord } from './wiring-records.js';

const NOTHING: PlannedDependency = Object.freeze({ node: null, form: 'value' });

/** What a planner looks things up with. */
export type Lookups = Pick<Resolver, 'find' | 'findInterceptor' | 'allRegistered'> & Partial<Pick<Resolver, 'standIn'>>;

/**
 * Turns records into nodes that know what they need. Breadth first over one growing list, so that chains of any length
 * cost no stack and `neededBy` gives the shortest chain from what was added first.
 */
export class Planner {
  readonly nodes: PlanNode[] = [];
  /** What serves as an interceptor somewhere. */
  readonly interceptors = new Set<PlanNode>();
  /** What serves as an access policy somewhere. */
  readonly policies = new Set<PlanNode>();
  /** What serves as a tool somewhere. */
  readonly tools = new Set<PlanNode>();
  readonly #byRecord = new Map<ProviderRecord, PlanNode>();
  readonly #resolver: Lookups;
  readonly #problems: ProblemList;
  #followed = 0;
  readonly #unresolved = new UnresolvedRequests();

  constructor(resolver: Lookups, problems: ProblemList) {
    this.#resolver = resolver;
    this.#problems = problems;
  }

  /** A provider that is there because `module` lists it. */
  add(record: ProviderRecord, module: ModuleNode): PlanNode {
    return this.#node(record, null, module);
  }

  /** A tool that is there because `module` lists it. */
  addTool(record: ProviderRecord, module: ModuleNode): PlanNode {
    const node = this.add(record, module);
    this.tools.add(node);
    return node;
  }

  /** An interceptor class as seen from the module that lists it, or lists the stage it is on. */
  addInterceptor(target: Class, module: ModuleNode): PlanNode {
    const node = this.#node(this.#resolver.findInterceptor(module, target), null, module);
    this.interceptors.add(node);
    return node;
  }

  /** An access policy class, found or built as an interceptor class is. */
  addPolicy(target: Class, module: ModuleNode): PlanNode {
    const node = this.#node(this.#resolver.findInterceptor(module, target), null, module);
    this.policies.add(node);
    return node;
  }

  /** Looks up everything that what was added needs, and what that needs. */
  follow(): void {
    for (; this.#followed < this.nodes.length; this.#followed++) {
      const node = this.nodes[this.#followed] as PlanNode;
      node.dependencies = requestsOf(node.record, this.#problems).map((asked) => this.#resolve(node, asked));
    }
  }

  reportUnresolved(): void {
    this.#unresolved.report(this.#problems);
  }

  #node(record: ProviderRecord, neededBy: PlanNode | null, module: ModuleNode): PlanNode {
    const known = this.#byRecord.get(record);
    if (known !== undefined) return known;
    const node = new PlanNode(this.nodes.length, record, neededBy, module);
    this.#byRecord.set(record, node);
    this.nodes.push(node);
    return node;
  }

  #resolve(asker: PlanNode, asked: DependencyRequest | null): PlannedDependency {
    if (asked === null) return NOTHING;
    const record = this.#record(asker, asked);
    return record === undefined ? NOTHING : { node: this.#node(record, asker, asker.module), form: asked.form };
  }

  #record(asker: PlanNode, asked: DependencyRequest): ProviderRecord | undefined {
    const { transform, multiple, token } = asked;
    const { home } = asker.record;
    if (transform !== null) {
      const parts = [request(transform.token, asked.place), { ...asked, transform: null }];
      return derived(token, home, parts, (transformer, value) => transformer.transform(value, ...transform.args));
    }
    if (multiple) return this.#all(asker, asked);
    const lookup = this.#resolver.find(home, token);
    if (lookup.kind === 'found') return asked.optional ? whereThereIsOne(lookup.record) : lookup.record;
    if (asked.optional) return undefined;
    const mock = lookup.kind === 'missing' ? this.#resolver.standIn?.(token) : undefined;
    if (mock === undefined) this.#unresolved.add(asker, asked, lookup);
    return mock;
  }

  /** tsyringe's `@injectAll`: what is registered there, else the one a module provides. */
  #all(asker: PlanNode, asked: DependencyRequest): ProviderRecord | undefined {
    const { home } = asker.record;
    const registered = this.#resolver.allRegistered(asked.token);
    if (registered !== undefined) return registered;
    const single = { ...asked, multiple: false };
    if (this.#resolver.find(home, asked.token).kind === 'found') {
      return derived(asked.token, home, [single], (value) => [value]);
    }
    if (asked.optional) return derived(asked.token, home, [], () => []);
    return this.#record(asker, single);
  }
}

/** Something made on the spot from what was asked for. */
function derived(
  token: Token,
  home: ModuleNode | null,
  requests: readonly DependencyRequest[],
  factory: (...args: any[]) => unknown, // given exactly what `requests` ask for
): ProviderRecord {
  return { token, home, role: 'implicit', scope: Scope.Transient, source: { kind: 'factory', factory, requests } };
}
