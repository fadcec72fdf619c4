// @ts-check
/* What a check costs beside the library that does it, and what contracts add to a run. */
import { chain } from './graphs.mjs';
import { compare, overProcesses } from './measure.mjs';
import { pipelineOf, runOf } from './pipelines.mjs';
import { inChild } from './processes.mjs';
import { digits, table } from './table.mjs';

const STAGES = 100;
/** Checks in a row: awaiting every single one would be a good part of what is measured. */
const CHECKS = 50;
const TABLES = ['class-validator', 'zod', `chain ${STAGES}`];

/**
 * In a process of its own.
 * @param {{ core: string, what: string, quick: boolean }} options
 * @returns {Promise<{ skipped: string } | import('./measure.mjs').Measured[]>}
 */
export async function measure({ core, what, quick }) {
  const stageflow = await import(core);
  if (typeof stageflow.contractOf !== 'function') return { skipped: 'this build exports no contractOf' };
  const pages = await import('./pages.mjs');
  const options = { rounds: quick ? 15 : 31, batchMs: quick ? 8 : 20, warmupMs: quick ? 200 : 600 };
  if (what === 'zod') return compare(zodVariants(stageflow, pages), { ...options, stages: CHECKS });
  if (what === 'class-validator') {
    return compare(await dtoVariants(stageflow, pages), { ...options, stages: CHECKS });
  }
  const refusal = await whyUnchecked(stageflow, pages);
  if (refusal !== null) return { skipped: refusal };
  return compare(chainVariants(stageflow, pages), { ...options, stages: STAGES });
}

/** @typedef {typeof import('./pages.mjs')} Pages */

/** @param {any} stageflow @param {Pages} pages */
async function dtoVariants({ contractOf }, { PageDto, page }) {
  const { plainToInstance } = await import('class-transformer');
  const { validateSync } = await import('class-validator');
  const contract = contractOf(PageDto);
  const instance = plainToInstance(PageDto, page());
  const wrong = () => ({ ...page(), words: 'five' });
  const alone = (/** @type {object} */ value, /** @type {object} */ options) =>
    validateSync(plainToInstance(PageDto, value), options).length;
  return [
    checks('plainToInstance + validateSync', () => alone(page(), {}), 0),
    checks('the same with whitelist: true', () => alone(page(), { whitelist: true }), 0),
    checks('contractOf(Dto).check', () => contract.check(page()).ok, true),
    checks('one field wrong, plainToInstance + validateSync', () => alone(wrong(), {}), 1),
    checks('one field wrong, check', () => contract.check(wrong()).ok, false),
    checks('an instance, validateSync', () => validateSync(instance).length, 0),
    checks('an instance, check', () => contract.check(instance).ok, true),
  ];
}

/** @param {any} stageflow @param {Pages} pages */
function zodVariants({ contractOf }, { pageSchema, page }) {
  const contract = contractOf(pageSchema);
  const wrong = () => ({ ...page(), words: 'five' });
  return [
    checks('safeParse', () => pageSchema.safeParse(page()).success, true),
    checks('contractOf(schema).check', () => contract.check(page()).ok, true),
    checks('one field wrong, safeParse', () => pageSchema.safeParse(wrong()).success, false),
    checks('one field wrong, check', () => contract.check(wrong()).ok, false),
  ];
}

/** @param {string} label @param {() => unknown} check @param {unknown} expected @returns {import('./measure.mjs').Variant} */
function checks(label, check, expected) {
  return {
    label,
    run: () => {
      for (let count = 0; count < CHECKS; count++) {
        if (check() !== expected) throw new Error(`${label} did not say ${expected}.`);
      }
    },
  };
}

/** Why a build does not check outputs, null if it does. @param {any} stageflow @param {Pages} pages */
async function whyUnchecked({ Pipeline }, { PageDto }) {
  let runnable;
  try {
    runnable = new Pipeline('probe').withStage('wrong', () => ({ id: 1 }), { output: PageDto }).build();
  } catch (error) {
    return `this build refuses withStage(…, { output }): ${String(error).split('\n')[0]}`;
  }
  const isUnchecked = await runnable.run().then(
    () => true,
    () => false,
  );
  return isUnchecked ? 'this build passes over withStage(…, { output })' : null;
}

/** @param {any} stageflow @param {Pages} pages @returns {import('./measure.mjs').Variant[]} */
function chainVariants(stageflow, { PageDto, pageSchema, page }) {
  const shape = chain(STAGES);
  const stage = () => async () => page();
  const runWith = (/** @type {object} */ stageOptions) =>
    runOf(pipelineOf(stageflow, shape, { stage, stageOptions }).build());
  const checkAll = (/** @type {unknown} */ source) => () => {
    const contract = stageflow.contractOf(source);
    for (let count = 0; count < STAGES; count++) if (!contract.check(page()).ok) throw new Error('It is refused.');
  };
  return [
    { label: 'no contracts', run: runWith({}) },
    { label: 'a DTO on every stage', run: runWith({ output: PageDto }) },
    { label: 'the checks of the DTO without a run', run: checkAll(PageDto) },
    { label: 'a zod schema on every stage', run: runWith({ output: pageSchema }) },
    { label: 'the checks of the schema without a run', run: checkAll(pageSchema) },
  ];
}

/**
 * @typedef {{ what: string, skipped: string } | ({ what: string } & ReturnType<typeof overProcesses>[number])} Figure
 * @param {{ core: string, quick: boolean, processes: number }} options
 */
export async function contracts({ core, quick, processes }) {
  /** @type {Figure[]} */
  const figures = [];
  for (const what of TABLES) {
    const first = await inChild('contracts.mjs', { core, what, quick });
    if ('skipped' in first) {
      figures.push({ what, ...first });
      continue;
    }
    const runs = [first];
    while (runs.length < processes) runs.push(await inChild('contracts.mjs', { core, what, quick }));
    figures.push(...overProcesses(runs).map((measured) => ({ what, ...measured })));
  }
  return figures;
}

/** @param {Awaited<ReturnType<typeof contracts>>} figures */
export function contractsTable(figures) {
  const rows = figures.map((figure) =>
    'skipped' in figure
      ? [figure.what, '-', '', '-', `skipped: ${figure.skipped}`]
      : [
          `${figure.what}: ${figure.label}`,
          digits(figure.ratio),
          figure.ratios.map(digits).join(' '),
          figure.ns.toFixed(0),
        ],
  );
  return table('Contracts: a record of ten fields', ['', 'ratio', 'processes', 'ns', ''], rows);
}
