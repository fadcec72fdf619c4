import { type DependencySpec, StageKind, type StageSpec } from '../stage/index.js';
import type { ProblemList } from './problem-list.js';
import { describeValue, quote } from './quote.js';
import { hasRareFields, membersOf, NOTHING_RARE, readRareFields } from './read-rare-fields.js';

const KINDS: ReadonlySet<unknown> = new Set(Object.values(StageKind));
const NO_DEPENDENCIES: readonly DependencySpec[] = Object.freeze([]);

/** How the stage being read is spoken of. Worded only when there is something to report. */
class Place {
  private readonly pipeline: string;
  private readonly name: string;
  private readonly position: number;

  constructor(pipeline: string, name: string, position: number) {
    this.pipeline = pipeline;
    this.name = name;
    this.position = position;
  }

  get path(): string {
    return `stages[${this.position}]`;
  }

  /** For use within a sentence. */
  get label(): string {
    const stage = this.name === '' ? `the stage at ${this.path}` : `stage ${quote(this.name)}`;
    return `${stage} of pipeline ${quote(this.pipeline)}`;
  }

  get stages(): readonly string[] {
    return this.name === '' ? [] : [this.name];
  }
}

/** Turns the entries of one pipeline into frozen specs, reporting what cannot be used. */
export class StageReader {
  readonly #pipeline: string;
  readonly #found: ProblemList;
  // Edges to one stage look alike, so they share a spec: a fan-out of 100,000 edges keeps one.
  readonly #required = new Map<string, DependencySpec>();
  readonly #optional = new Map<string, DependencySpec>();

  constructor(pipeline: string, found: ProblemList) {
    this.#pipeline = pipeline;
    this.#found = found;
  }

  read(stage: unknown, position: number): StageSpec {
    const isObject = typeof stage === 'object' && stage !== null;
    const fields = (isObject ? stage : { kind: StageKind.Transform }) as { readonly [K in keyof StageSpec]?: unknown };
    const name = typeof fields.name === 'string' && fields.name.trim() !== '' ? fields.name : '';
    const place = new Place(this.#pipeline, name, position);
    if (!isObject) this.#notAStage(place, stage);
    else if (name === '') this.#nameInvalid(place, fields.name);
    const condition = this.#readCondition(place, fields.condition);
    const kind = this.#readKind(place, fields.kind);
    const rare = hasRareFields(fields) ? readRareFields({ name, kind }, place, fields, this.#found) : NOTHING_RARE;
    return Object.freeze({
      name,
      kind,
      dependsOn: this.#readDependencies(place, fields.dependsOn, condition, membersOf(rare)),
      condition,
      timeoutMs: this.#readTimeout(place, fields.timeoutMs),
      priority: this.#readPriority(place, fields.priority),
      ...rare,
    });
  }

  #readKind(place: Place, value: unknown): StageKind {
    if (KINDS.has(value)) return value as StageKind;
    this.#option(place, 'kind', value, `one of ${[...KINDS].join(', ')}`, 'Give one of these kinds.');
    return StageKind.Transform;
  }

  #readTimeout(place: Place, value: unknown): number | null {
    if (value === undefined || value === null || value === 0) return null;
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
    this.#option(place, 'timeoutMs', value, 'a finite number of at least 0', 'Give a limit in ms, or 0 for no limit.');
    return null;
  }

  #readPriority(place: Place, value: unknown): number {
    if (value === undefined) return 0;
    if (typeof value === 'number' && Number.isFinite(value)) return value + 0; // -0 becomes 0
    this.#option(place, 'priority', value, 'a finite number', 'Give a number; higher starts first.');
    return 0;
  }

  #readCondition(place: Place, value: unknown): string | null {
    if (value === undefined || value === null) return null;
    if (typeof value === 'string' && value.trim() !== '') return value;
    const message = `The condition of ${place.label} must name a stage, but is ${describeValue(value)}.`;
    this.#invalid(place, message, '.condition', 'Name the stage whose output decides.');
    return null;
  }

  #readDependencies(
    place: Place,
    value: unknown,
    condition: string | null,
    members: readonly string[],
  ): readonly DependencySpec[] {
    const isListEmpty = value === undefined || (Array.isArray(value) && value.length === 0);
    if (isListEmpty && condition === null && members.length === 0) return NO_DEPENDENCIES;
    const optionalByName = new Map<string, boolean>();
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) this.#readDependency(place, value[i], i, optionalByName);
    } else if (value !== undefined) {
      const message = `The dependencies of ${place.label} must be an array, but are ${describeValue(value)}.`;
      this.#invalid(place, message, '.dependsOn', 'Give a list of stage names.');
    }
    for (const member of members) optionalByName.set(member, optionalByName.get(member) ?? true);
    if (condition !== null) optionalByName.set(condition, false);
    if (optionalByName.size === 0) return NO_DEPENDENCIES;
    return Object.freeze(Array.from(optionalByName, ([stage, optional]) => this.#dependency(stage, optional)));
  }

  #readDependency(place: Place, entry: unknown, index: number, optionalByName: Map<string, boolean>): void {
    const fields = (typeof entry === 'object' && entry !== null ? entry : { stage: entry }) as Record<string, unknown>;
    const { stage, optional = false } = fields;
    if (typeof stage === 'string' && stage.trim() !== '' && typeof optional === 'boolean') {
      optionalByName.set(stage, optional && (optionalByName.get(stage) ?? true));
      return;
    }
    const wrong = typeof optional === 'boolean' ? describeValue(stage) : `optional: ${describeValue(optional)}`;
    const message = `A dependency of ${place.label} must be a stage name or { stage, optional }, but is ${wrong}.`;
    this.#invalid(place, message, `.dependsOn[${index}]`, 'Name a stage; optional is true or false.');
  }

  #dependency(stage: string, optional: boolean): DependencySpec {
    const known = optional ? this.#optional : this.#required;
    let spec = known.get(stage);
    if (spec === undefined) {
      spec = Object.freeze({ stage, optional });
      known.set(stage, spec);
    }
    return spec;
  }

  #nameInvalid({ label, path }: Place, value: unknown): void {
    const message = `The name of ${label} must be a string that is not blank, but is ${describeValue(value)}.`;
    this.#found.add({ code: 'GRAPH_STAGE_NAME_INVALID', message, fix: 'Give the stage a name.', path: `${path}.name` });
  }

  #notAStage(place: Place, value: unknown): void {
    const message = `In the list of stages, ${place.label} must be an object, but is ${describeValue(value)}.`;
    this.#invalid(place, message, '', 'Give { name, kind, dependsOn }.');
  }

  #invalid({ path, stages }: Place, message: string, field: string, fix: string): void {
    this.#found.add({ code: 'GRAPH_STAGE_INVALID', message, fix, path: path + field, stages });
  }

  #option({ label, path, stages }: Place, field: string, value: unknown, wanted: string, fix: string): void {
    const message = `${field} of ${label} must be ${wanted}, but is ${describeValue(value)}.`;
    this.#found.add({ code: 'GRAPH_OPTION_INVALID', message, fix, path: `${path}.${field}`, stages });
  }
}
