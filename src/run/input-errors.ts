import { StageflowError } from '../errors/index.js';
import type { StageClass } from '../stage/index.js';
import type { CompiledStage } from './compiled-stage.js';

const list = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.join(', '));
const declaredBy = (reader: CompiledStage): readonly string[] => reader.spec.dependsOn.map(({ stage }) => stage);

export function undeclaredRead(reader: CompiledStage, target: unknown, pipeline: string): StageflowError {
  const name = typeof target === 'function' ? target.name : String(target);
  const declared = declaredBy(reader);
  return new StageflowError({
    code: 'INPUT_UNDECLARED',
    message: `Stage "${reader.name}" reads "${name}" in pipeline "${pipeline}" but depends on ${list(declared)}.`,
    fix: `Add ${name} to its dependencies.`,
    details: { reader: reader.name, target: name, declared, pipeline },
  });
}

export function noOutput(reader: CompiledStage, target: string, state: string, reason: string | null): StageflowError {
  return new StageflowError({
    code: 'INPUT_NO_OUTPUT',
    message: `Stage "${reader.name}" reads "${target}", which has no output: it ended as ${state}${reason === null ? '' : ` (${reason})`}.`,
    fix: `Ask inputs.status first, or depend on optional(${target}) to read undefined instead.`,
    details: { reader: reader.name, target, state, reason },
  });
}

export function missingKey(
  reader: CompiledStage,
  target: string,
  key: string,
  keys: readonly string[],
): StageflowError {
  return new StageflowError({
    code: 'INPUT_KEY_MISSING',
    message: `Stage "${reader.name}" requires "${key}" of "${target}", whose output has ${list(keys)}.`,
    fix: `Return "${key}" from ${target}, or read a key that is there.`,
    details: { reader: reader.name, target, key, available: keys },
  });
}

export function invalidKey(reader: CompiledStage, target: string | null, key: unknown): StageflowError {
  return new StageflowError({
    code: 'INPUT_KEY_INVALID',
    message: `Stage "${reader.name}" reads ${target === null ? 'its inputs' : `"${target}"`} with ${typeof key === 'string' ? 'a blank' : `a ${key === null ? 'null' : typeof key}`} name.`,
    fix: 'Give the name as a non-empty string.',
    details: { reader: reader.name, target, declared: declaredBy(reader) },
  });
}

export function ambiguousKey(reader: CompiledStage, key: string, first: string, second: string): StageflowError {
  return new StageflowError({
    code: 'INPUT_AMBIGUOUS',
    message: `Stage "${reader.name}" reads "${key}", which both "${first}" and "${second}" hand on.`,
    fix: `Say which one: inputs.from('${first}', '${key}').`,
    details: { reader: reader.name, key, stages: [first, second] },
  });
}

export function ambiguousClass(reader: CompiledStage, target: StageClass, names: readonly string[]): StageflowError {
  return new StageflowError({
    code: 'INPUT_AMBIGUOUS',
    message: `Stage "${reader.name}" reads ${target.name}, which it depends on as ${names.join(' and ')}.`,
    fix: `Say which one by name: inputs.from('${names[0]}').`,
    details: { reader: reader.name, target: target.name, stages: names },
  });
}
