import semver from 'semver';
import { Inject, Injectable, token } from 'stageflow';
import { isJsonObject, textOrNull } from './json-object.js';
import { type AuditedPackage, packageId } from './packages.js';

/** The Node version that packages must run on, such as `20.19.0`. */
export const NODE_VERSION = token<string>('NODE_VERSION');

export interface EngineMismatch {
  readonly package: string;
  readonly location: string;
  /** What the package asks for. */
  readonly range: string;
  readonly problem: 'not-this-node' | 'not-all-promised-nodes' | 'unreadable-range';
}

/** Compares the Node ranges of installed packages with this Node, and with every Node the project promises to run on. */
@Injectable()
export class EngineChecker {
  constructor(@Inject(NODE_VERSION) private readonly nodeVersion: string) {}

  /** @param promised the project's own range; null if it promises none. It does not bind development packages. */
  check(packages: readonly AuditedPackage[], promised: string | null): EngineMismatch[] {
    return packages.flatMap((of) => (of.folder === null ? [] : (this.#mismatch(of, promised) ?? [])));
  }

  #mismatch(of: AuditedPackage, promised: string | null): EngineMismatch | null {
    const range = nodeRangeOf(of.declaration.engines);
    const problem = range === null ? null : this.#problemOf(range, of.dev ? null : promised);
    if (range === null || problem === null) return null;
    return { package: packageId(of), location: of.location, range, problem };
  }

  #problemOf(range: string, promised: string | null): EngineMismatch['problem'] | null {
    if (semver.validRange(range) === null) return 'unreadable-range';
    if (!semver.satisfies(this.nodeVersion, range)) return 'not-this-node';
    const comparable = promised !== null && semver.validRange(promised) !== null;
    return comparable && !semver.subset(promised, range) ? 'not-all-promised-nodes' : null;
  }
}

/** `{ node: ">=18" }`, or as old packages have it `["node >=0.8"]` or just a string. */
function nodeRangeOf(engines: unknown): string | null {
  if (isJsonObject(engines)) return textOrNull(engines.node);
  const entries = Array.isArray(engines) ? engines : [engines];
  for (const entry of entries) {
    const range = /^node\s*(?<range>.*)$/.exec(textOrNull(entry) ?? '')?.groups?.range;
    if (range !== undefined) return range === '' ? '*' : range;
  }
  return null;
}
