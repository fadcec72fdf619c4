import { StageflowError } from '../errors/index.js';

export function spawnedTooLate(pipeline: string, stage: string): StageflowError {
  return new StageflowError({
    code: 'CHILD_TOO_LATE',
    message: `Stage "${stage}" of pipeline "${pipeline}" starts a run, but is not running itself.`,
    fix: 'Start runs from execute, and wait for whatever starts them before it returns.',
    details: { pipeline, stage },
  });
}

export function notSpawnable(pipeline: string, stage: string, wanted: unknown, isModule: boolean): StageflowError {
  const name = nameOf(wanted);
  return new StageflowError({
    code: 'CHILD_UNKNOWN',
    message: isModule
      ? `Stage "${stage}" starts a run of ${name}, but pipeline "${pipeline}" belongs to no application that could know it.`
      : `Stage "${stage}" starts a run of ${name}, which is no pipeline.`,
    fix: isModule ? 'Give it what Pipeline.build() made.' : 'Give it a module, or what Pipeline.build() made.',
    details: { pipeline, stage, wanted: name },
  });
}

export function misusedField(stage: string, field: string): StageflowError {
  return refused(
    stage,
    `with ${field}, which comes from its own run`,
    `Leave ${field} out: a run that a stage starts is for the same caller, and counts as caused by it.`,
    field,
  );
}

export function unknownField(stage: string, field: unknown, known: readonly string[]): StageflowError {
  return refused(
    stage,
    `which is to inherit ${JSON.stringify(field)}`,
    `What can be inherited: ${known.join(', ')}.`,
    'inherit',
  );
}

function refused(stage: string, what: string, fix: string, field: string): StageflowError {
  return new StageflowError({
    code: 'RUN_INPUT_INVALID',
    message: `Stage "${stage}" starts a run ${what}.`,
    fix,
    details: { stage, field },
  });
}

function nameOf(wanted: unknown): string {
  if (typeof wanted === 'function') return wanted.name || 'a class without name';
  if (typeof wanted !== 'object' || wanted === null) return String(wanted);
  const { module } = wanted as { readonly module?: unknown };
  return typeof module === 'function' ? module.name : 'an object';
}
