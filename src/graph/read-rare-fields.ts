/* What few stages have: a way back, quorums, compensation. Apart, since most stages have none of it. */
import { type QuorumSpec, type RetryFromSpec, StageKind, type StageSpec } from '../stage/index.js';
import type { ProblemList } from './problem-list.js';
import { describeValue, quote } from './quote.js';

type RareFields = Pick<StageSpec, 'retryFrom' | 'quorums' | 'compensates' | 'idempotent'>;
type Fields = { readonly [K in keyof RareFields]?: unknown };

interface Owner {
  readonly name: string;
  readonly kind: StageKind;
}

/** How the stage being read is spoken of, and where it stands. */
interface Place {
  readonly label: string;
  readonly path: string;
  readonly stages: readonly string[];
}

export const NOTHING_RARE: RareFields = Object.freeze({});
const NOBODY: readonly string[] = Object.freeze([]);

export function hasRareFields({ retryFrom, quorums, compensates, idempotent }: Fields): boolean {
  const isFlagged = compensates !== undefined || idempotent !== undefined;
  return isFlagged || (retryFrom ?? null) !== null || quorums !== undefined;
}

/** The stages that quorums count: they are dependencies, too. */
export function membersOf({ quorums }: RareFields): readonly string[] {
  return quorums === undefined ? NOBODY : quorums.flatMap(({ of }) => of);
}

export function readRareFields(owner: Owner, place: Place, fields: Fields, found: ProblemList): RareFields {
  const reader = new RareFieldReader(owner, place, found);
  const retryFrom = reader.retryFrom(fields.retryFrom);
  const quorums = reader.quorums(fields.quorums);
  const compensates = reader.compensates(fields.compensates);
  const idempotent = reader.idempotent(fields.idempotent);
  return {
    ...(retryFrom === null ? null : { retryFrom }),
    ...(quorums.length === 0 ? null : { quorums: Object.freeze(quorums) }),
    ...(compensates ? { compensates } : null),
    ...(idempotent ? { idempotent } : null),
  };
}

class RareFieldReader {
  readonly #owner: Owner;
  readonly #place: Place;
  readonly #found: ProblemList;

  constructor(owner: Owner, place: Place, found: ProblemList) {
    this.#owner = owner;
    this.#place = place;
    this.#found = found;
  }

  retryFrom(value: unknown): RetryFromSpec | null {
    if (value === undefined || value === null) return null;
    const fields = (typeof value === 'object' ? value : {}) as { readonly [K in keyof RetryFromSpec]?: unknown };
    const { stage, attempts, timeoutMs, stagnation } = fields;
    const isNamed = typeof stage === 'string' && stage.trim() !== '';
    if (!isNamed) this.#option('retryFrom.stage', stage, 'the name of a stage', 'Name the stage to run again.');
    this.#mustBeGuard(isNamed ? stage : null);
    const most = this.#whole('retryFrom.attempts', attempts, 1, stage);
    const equal = stagnation == null ? null : this.#whole('retryFrom.stagnation', stagnation, 2, stage);
    if (most !== null && equal !== null && equal > most) this.#neverStagnates(String(stage), most, equal);
    const limit = this.#duration(timeoutMs, stage);
    return isNamed ? Object.freeze({ stage, attempts: most ?? 1, timeoutMs: limit, stagnation: equal }) : null;
  }

  quorums(value: unknown): QuorumSpec[] {
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.#option('quorums', value, 'an array', 'Give a list of { atLeast, of }.');
      return [];
    }
    return value.flatMap((entry: unknown, index) => this.#quorum(entry, `quorums[${index}]`));
  }

  compensates(value: unknown): true | false {
    if (value === undefined || value === false) return false;
    if (value !== true) this.#option('compensates', value, 'true or false', 'Give one of the two.');
    else if (this.#owner.kind === StageKind.Work) return true;
    else {
      const message = `Only work can be undone, but ${this.#place.label} is of kind ${this.#owner.kind}.`;
      this.#add(message, 'Make it a work stage, or take its compensation away.', 'compensates');
    }
    return false;
  }

  idempotent(value: unknown): true | false {
    if (value === undefined || value === false) return false;
    const { kind } = this.#owner;
    if (value !== true) this.#option('idempotent', value, 'true or false', 'Give one of the two.');
    else if (kind === StageKind.Work || kind === StageKind.Agent) return true;
    else {
      const message = `Stages of kind ${kind} are repeated anyway, but ${this.#place.label} is said to be idempotent.`;
      this.#add(message, 'Take it away, or give the stage the kind that it is.', 'idempotent');
    }
    return false;
  }

  #quorum(value: unknown, at: string): QuorumSpec[] {
    const fields = (typeof value === 'object' && value !== null ? value : {}) as { atLeast?: unknown; of?: unknown };
    const isList =
      Array.isArray(fields.of) && fields.of.every((name) => typeof name === 'string' && name.trim() !== '');
    if (!isList) this.#option(`${at}.of`, fields.of, 'a list of stage names', 'Name the stages that are counted.');
    const of: readonly string[] = isList ? [...new Set(fields.of as string[])] : [];
    const atLeast = this.#whole(`${at}.atLeast`, fields.atLeast, 1, null);
    if (isList && atLeast !== null && atLeast > of.length) {
      const message = `${capital(this.#place.label)} needs ${atLeast} of ${of.length}: ${of.map(quote).join(', ')}.`;
      this.#add(message, `Ask for at most ${of.length}, or name more stages.`, `${at}.atLeast`);
    }
    return atLeast === null || !isList ? [] : [Object.freeze({ atLeast, of: Object.freeze(of) })];
  }

  #mustBeGuard(target: string | null): void {
    if (this.#owner.kind === StageKind.Guard) return;
    const where = target === null ? '' : ` to ${quote(target)}`;
    const message = `Only a guard can send a run back${where}, but ${this.#place.label} is of kind ${this.#owner.kind}.`;
    this.#refuse(message, 'Make it a guard, or use a retry around the stage itself.', 'retryFrom', target);
  }

  #neverStagnates(target: string, attempts: number, stagnation: number): void {
    const message = `${capital(this.#place.label)} goes back to ${quote(target)} up to ${attempts} attempts, so ${stagnation} equal failures in a row never come to pass.`;
    this.#refuse(message, 'Give a stagnation of at most as many as the attempts.', 'retryFrom.stagnation', target);
  }

  #whole(field: string, value: unknown, least: number, target: unknown): number | null {
    if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
    this.#option(field, value, `a whole number of at least ${least}`, 'Give such a number.', target);
    return null;
  }

  #duration(value: unknown, target: unknown): number | null {
    if (value === undefined || value === null || value === 0) return null;
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
    this.#option('retryFrom.timeoutMs', value, 'a finite number of at least 0', 'Give ms, or 0 for no limit.', target);
    return null;
  }

  #option(field: string, value: unknown, wanted: string, fix: string, target: unknown = null): void {
    const to = typeof target === 'string' ? `, which goes back to ${quote(target)},` : '';
    const message = `${field} of ${this.#place.label}${to} must be ${wanted}, but is ${describeValue(value)}.`;
    if (field.startsWith('retryFrom')) this.#refuse(message, fix, field, target);
    else this.#add(message, fix, field);
  }

  #refuse(message: string, fix: string, field: string, target: unknown): void {
    const { path, stages } = this.#place;
    const both = typeof target === 'string' ? [...stages, target] : stages;
    this.#found.add({ code: 'GRAPH_RETRY_INVALID', message, fix, path: `${path}.${field}`, stages: both });
  }

  #add(message: string, fix: string, field: string): void {
    const { path, stages } = this.#place;
    this.#found.add({ code: 'GRAPH_OPTION_INVALID', message, fix, path: `${path}.${field}`, stages });
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
