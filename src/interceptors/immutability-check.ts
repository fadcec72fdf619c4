import { StageflowError } from '../errors/index.js';
import { encodeOrNote, type Json } from '../payload/index.js';
import { type InlineInterceptor, InterceptorPriority, type StageContext, StageOutput } from '../stage/index.js';
import { type GivenData, givenData } from './given-data.js';

/** What a stage was given, and how that looked before it ran. */
interface Seen {
  readonly given: readonly GivenData[];
  readonly before: readonly string[];
}

/**
 * Finds stages that change what they were given, while you develop: the stage fails with IMMUTABILITY_VIOLATED, which says
 * what and where. Outputs are frozen at their top, so what this finds lies deeper, or in bytes. It copies everything that a
 * stage reads: too dear for production. Class instances are not looked into.
 */
export class ImmutabilityCheck implements InlineInterceptor<Seen> {
  /** Innermost: what other interceptors do is not the stage's doing. */
  readonly priority = InterceptorPriority.Application + 1_000;

  before(ctx: StageContext): Seen {
    const given = givenData(ctx);
    return { given, before: given.map(textOf) };
  }

  after(ctx: StageContext, _output: StageOutput, { given, before }: Seen): StageOutput | void {
    for (const [index, now] of given.map(textOf).entries()) {
      const was = before[index] as string;
      if (was === now) continue;
      const path = pathOfChange(JSON.parse(was), JSON.parse(now));
      return StageOutput.fail(violation(ctx, (given[index] as GivenData).name, path), { retryable: false });
    }
  }
}

/** Text, because encoding shares what JSON can say with the original. */
function textOf({ data }: GivenData): string {
  return JSON.stringify(encodeOrNote(data, 'data', []));
}

/** Where two encoded values differ first: names of fields and places, never content. */
function pathOfChange(a: Json, b: Json): string {
  const path: string[] = [];
  let [left, right]: [unknown, unknown] = [a, b];
  while (isBranch(left) && isBranch(right)) {
    const [one, other] = [left, right];
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    const changed = names.find((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
    if (changed === undefined) break;
    path.push(changed);
    left = one[changed];
    right = other[changed];
  }
  return path.join('.');
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function violation(ctx: StageContext, what: string, path: string): StageflowError {
  return new StageflowError({
    code: 'IMMUTABILITY_VIOLATED',
    message: `Stage "${ctx.stage.name}" changed ${what}, which others read, too: at ${path}.`,
    fix: 'Copy before changing, or hand on a result of your own.',
    details: { stage: ctx.stage.name, pipeline: ctx.pipeline, changed: what, path },
  });
}
