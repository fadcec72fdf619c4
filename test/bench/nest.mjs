// @ts-check
/* Nest: a run of ten run-scoped stages beside the same without it, and the start of an application with 200 of them. */
import { compare, median } from './measure.mjs';
import { inChild } from './processes.mjs';
import { stageFunction } from './stages.mjs';
import { digits, table, verdict } from './table.mjs';

const STAGES = 10;
const MANY = 200;
const TARGET = 2;

/** In a process of its own. @param {{ index: string, quick: boolean, what: 'run' | 'boot' }} options */
export async function measure({ index, quick, what }) {
  const stageflow = await import(index);
  const nest = await import(new URL('nestjs.js', index).href);
  const common = await import('@nestjs/common');
  const { NestFactory } = await import('@nestjs/core');
  const kit = { stageflow, nest, common, NestFactory };
  return what === 'run' ? measureRun(kit, quick) : measureBoot(kit, quick);
}

/** What TypeScript writes for decorated classes. @param {any} stageflow @param {number} count @param {boolean} ofRun */
function moduleOf(stageflow, count, ofRun) {
  class First {}
  class Second {}
  for (const service of [First, Second]) stageflow.Injectable()(service);
  const stages = Array.from({ length: count }, (_, place) => {
    const work = stageFunction(false, place);
    class Stage {
      /** @param {unknown} first @param {unknown} second @param {unknown} auth */
      constructor(first, second, auth) {
        this.first = first;
        this.second = second;
        this.auth = auth;
      }
      execute() {
        return work();
      }
    }
    Object.defineProperty(Stage, 'name', { value: `Stage${place}` });
    const parameters = ofRun ? [First, Second, stageflow.AuthContext] : [First, Second];
    Object.defineProperty(Stage, 'length', { value: parameters.length });
    /** @type {any} */ (Reflect).defineMetadata('design:paramtypes', parameters, Stage);
    stageflow.Stage()(Stage);
    return Stage;
  });
  class Module {}
  stageflow.PipelineModule({ stages, providers: [First, Second] })(Module);
  return Module;
}

/** @param {any} kit @param {boolean} quick */
async function measureRun({ stageflow, nest, common, NestFactory }, quick) {
  const pipeline = moduleOf(stageflow, STAGES, true);
  const app = await stageflow.Stageflow.create(pipeline, { defaults: false });
  class Root {}
  common.Module({
    imports: [nest.StageflowModule.forRoot({ defaults: false }), nest.StageflowModule.forFeature([pipeline])],
  })(Root);
  const context = await NestFactory.createApplicationContext(Root, { logger: false });
  const handle = context.get(nest.getPipelineToken(pipeline), { strict: false });
  const variants = [
    { label: 'standalone', run: () => app.run(pipeline) },
    { label: 'Nest', run: () => handle.run() },
  ];
  const rounds = quick ? 15 : 41;
  const measured = await compare(variants, { rounds, batchMs: quick ? 8 : 20, warmupMs: quick ? 300 : 800, stages: 1 });
  const { slowBecause } = handle;
  await Promise.all([app.close(), context.close()]);
  return { ratio: measured[1]?.ratio, us: (measured[1]?.ns ?? 0) / 1_000, slowBecause };
}

/** @param {any} kit @param {boolean} quick */
async function measureBoot({ stageflow, nest, common, NestFactory }, quick) {
  /** @param {() => () => Function} load what the program has loaded by then; its answer is what it does to start */
  const boot = async (load) => {
    const define = load();
    const definedAt = performance.now();
    const module = define();
    const startedAt = performance.now();
    const context = await NestFactory.createApplicationContext(module, { logger: false });
    const endedAt = performance.now();
    await context.close();
    return { startMs: endedAt - startedAt, wholeMs: endedAt - definedAt };
  };
  const plain = () => {
    const providers = Array.from({ length: MANY }, () => {
      class Provider {}
      common.Injectable()(Provider);
      return Provider;
    });
    return () => {
      class Root {}
      common.Module({ providers })(Root);
      return Root;
    };
  };
  const staged = () => {
    const pipeline = moduleOf(stageflow, MANY, false);
    return () => {
      class Root {}
      common.Module({ imports: [nest.StageflowModule.forRoot(), nest.StageflowModule.forFeature([pipeline])] })(Root);
      return Root;
    };
  };
  /** @typedef {{ startMs: number, wholeMs: number }} Boot */
  const boots = { plain: /** @type {Boot[]} */ ([]), staged: /** @type {Boot[]} */ ([]) };
  for (let round = 0; round < (quick ? 5 : 15); round++) {
    boots.plain.push(await boot(plain));
    boots.staged.push(await boot(staged));
  }
  const of = (/** @type {Boot[]} */ all) => ({
    startMs: median(all.map(({ startMs }) => startMs)),
    wholeMs: median(all.map(({ wholeMs }) => wholeMs)),
  });
  return { plain: of(boots.plain), staged: of(boots.staged) };
}

/** @param {{ index: string, quick: boolean, processes: number }} options */
export async function nest({ index, quick, processes }) {
  const runs = [];
  const boots = [];
  for (let count = 0; count < processes; count++) {
    runs.push(await inChild('nest.mjs', { index, quick, what: 'run' }));
    boots.push(await inChild('nest.mjs', { index, quick, what: 'boot' }));
  }
  return {
    ratio: median(runs.map((run) => run.ratio)),
    us: median(runs.map((run) => run.us)),
    slowBecause: runs[0]?.slowBecause ?? null,
    start: boots.map(({ plain, staged }) => staged.startMs / plain.startMs),
    whole: boots.map(({ plain, staged }) => staged.wholeMs / plain.wholeMs),
    wholeMs: median(boots.map(({ staged }) => staged.wholeMs)),
  };
}

/** @param {Awaited<ReturnType<typeof nest>>} figures */
export function nestTable({ ratio, us, slowBecause, start, whole, wholeMs }) {
  const way = slowBecause === null ? 'compiled plan' : slowBecause;
  const row = (/** @type {string} */ label, /** @type {number} */ value, /** @type {string} */ time) => [
    label,
    digits(value),
    time,
    `<= ${TARGET}`,
    verdict(value, TARGET),
  ];
  return table(
    'Nest',
    ['', 'measured', '', 'target', ''],
    [
      row(`a run of ${STAGES} run-scoped stages, in units of standalone (${way})`, ratio, `${digits(us)} us`),
      row(`start of ${MANY} stages, in units of ${MANY} plain providers`, median(start), ''),
      row('the same with forFeature, which plans them', median(whole), `${digits(wholeMs)} ms`),
    ],
  );
}
