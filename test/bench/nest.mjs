// @ts-check
/* Nest: a run of ten run-scoped stages beside the same without it, and the start of an application with 200 of them. */
import { compare, median } from './measure.mjs';
import { inChild } from './processes.mjs';
import { stageFunction } from './stages.mjs';
import { digits, table, verdict } from './table.mjs';

const STAGES = 10;
const MANY = 200;
const TARGET = 2;

/**
 * In a process of its own.
 * @param {{ index: string, quick: boolean, what: 'run' | 'boot', unit?: 'plain' | 'empty' }} options
 */
export async function measure({ index, quick, what, unit = 'plain' }) {
  const stageflow = await import(index);
  const nest = await import(new URL('nestjs.js', index).href);
  const common = await import('@nestjs/common');
  const { NestFactory } = await import('@nestjs/core');
  const kit = { stageflow, nest, common, NestFactory };
  return what === 'run' ? measureRun(kit, quick) : measureBoot(kit, quick, unit);
}

/**
 * Two services and classes that take them, with what TypeScript writes for decorated classes.
 * @typedef {{ service: (target: Function) => void, worker: (target: Function) => void, also?: readonly Function[] }} Decorators
 * @param {number} count @param {Decorators} decorators
 */
function classesOf(count, { service, worker, also = [] }) {
  class First {}
  class Second {}
  for (const target of [First, Second]) service(target);
  const workers = Array.from({ length: count }, (_, place) => {
    const work = stageFunction(false, place);
    class Worker {
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
    Object.defineProperty(Worker, 'name', { value: `Stage${place}` });
    const parameters = [First, Second, ...also];
    Object.defineProperty(Worker, 'length', { value: parameters.length });
    /** @type {any} */ (Reflect).defineMetadata('design:paramtypes', parameters, Worker);
    worker(Worker);
    return Worker;
  });
  return { services: [First, Second], workers };
}

/** @param {any} stageflow @param {number} count @param {boolean} ofRun */
function moduleOf(stageflow, count, ofRun) {
  const also = ofRun ? [stageflow.AuthContext] : [];
  const decorators = { service: stageflow.Injectable(), worker: stageflow.Stage(), also };
  const { services, workers } = classesOf(count, decorators);
  class Module {}
  stageflow.PipelineModule({ stages: workers, providers: services })(Module);
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

/** @param {any} kit @param {boolean} quick @param {'plain' | 'empty'} unit of which kind the providers are that it is measured in */
async function measureBoot({ stageflow, nest, common, NestFactory }, quick, unit) {
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
  /** @param {Function[]} providers @returns {() => Function} */
  const rootOf = (providers) => () => {
    class Root {}
    common.Module({ providers })(Root);
    return Root;
  };
  const empty = () => {
    const providers = Array.from({ length: MANY }, () => {
      class Provider {}
      common.Injectable()(Provider);
      return Provider;
    });
    return rootOf(providers);
  };
  const plain = () => {
    const { services, workers } = classesOf(MANY, { service: common.Injectable(), worker: common.Injectable() });
    return rootOf([...services, ...workers]);
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
  const units = /** @type {Boot[]} */ ([]);
  const boots = /** @type {Boot[]} */ ([]);
  for (let round = 0; round < (quick ? 5 : 15); round++) {
    units.push(await boot(unit === 'plain' ? plain : empty));
    boots.push(await boot(staged));
  }
  // In pairs, so that both of a ratio have met the same machine.
  const ratio = (/** @type {keyof Boot} */ time) =>
    median(boots.map((of, round) => of[time] / (units[round]?.wholeMs ?? NaN)));
  return {
    whole: ratio('wholeMs'),
    start: ratio('startMs'),
    wholeMs: median(boots.map(({ wholeMs }) => wholeMs)),
    startMs: median(boots.map(({ startMs }) => startMs)),
    unitMs: median(units.map(({ wholeMs }) => wholeMs)),
  };
}

/** @param {{ index: string, quick: boolean, processes: number }} options */
export async function nest({ index, quick, processes }) {
  const runs = [];
  const plain = [];
  const empty = [];
  for (let count = 0; count < processes; count++) {
    runs.push(await inChild('nest.mjs', { index, quick, what: 'run' }));
    plain.push(await inChild('nest.mjs', { index, quick, what: 'boot', unit: 'plain' }));
    empty.push(await inChild('nest.mjs', { index, quick, what: 'boot', unit: 'empty' }));
  }
  return {
    ratio: median(runs.map((run) => run.ratio)),
    us: median(runs.map((run) => run.us)),
    slowBecause: runs[0]?.slowBecause ?? null,
    plain: medians(plain),
    empty: medians(empty),
  };
}

/** @typedef {Awaited<ReturnType<typeof measureBoot>>} Boots @param {readonly Boots[]} all @returns {Boots} */
function medians(all) {
  const of = (/** @type {keyof Boots} */ key) => median(all.map((boots) => boots[key]));
  return {
    whole: of('whole'),
    start: of('start'),
    wholeMs: of('wholeMs'),
    startMs: of('startMs'),
    unitMs: of('unitMs'),
  };
}

/** @param {Awaited<ReturnType<typeof nest>>} figures */
export function nestTable({ ratio, us, slowBecause, plain, empty }) {
  const way = slowBecause === null ? 'compiled plan' : slowBecause;
  const target = (/** @type {number} */ value) => [`<= ${TARGET}`, verdict(value, TARGET)];
  const against = (
    /** @type {string} */ label,
    /** @type {number} */ value,
    /** @type {number[]} */ [ms = 0, unit = 0],
  ) => [label, digits(value), `${digits(ms)} / ${digits(unit)} ms`];
  const { whole, start, wholeMs, startMs, unitMs } = plain;
  return table(
    'Nest',
    ['', 'measured', '', 'target', ''],
    [
      [
        `a run of ${STAGES} run-scoped stages, in units of standalone (${way})`,
        digits(ratio),
        `${digits(us)} us`,
        ...target(ratio),
      ],
      [
        ...against(`start of ${MANY} stages, in units of the same classes as providers of Nest`, whole, [
          wholeMs,
          unitMs,
        ]),
        ...target(whole),
      ],
      against('  without forFeature, which plans them', start, [startMs, unitMs]),
      against(`the same in units of ${MANY} providers that take nothing`, empty.whole, [empty.wholeMs, empty.unitMs]),
      against('  without forFeature', empty.start, [empty.startMs, empty.unitMs]),
    ],
  );
}
