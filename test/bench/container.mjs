// @ts-check
/* What injection costs per run: ten stages built once, against ten built for every run. */
import { compare, median } from './measure.mjs';
import { inChild } from './processes.mjs';
import { stageFunction } from './stages.mjs';
import { digits, table, verdict } from './table.mjs';

const STAGES = 10;
const TARGET_US = 10;
/** Nothing, as far as can be measured. */
const NOISE_US = 0.5;

/** In a process of its own. @param {{ index: string, quick: boolean }} options */
export async function measure({ index, quick }) {
  const stageflow = await import(index);
  const builder = builderPipeline(stageflow);
  const { app, singletons, runScoped } = await application(stageflow);
  const variants = [
    { label: 'builder', run: () => builder.run() },
    { label: 'singletons', run: () => app.run(singletons) },
    { label: 'run-scoped', run: () => app.run(runScoped) },
  ];
  const rounds = quick ? 15 : 41;
  const measured = await compare(variants, { rounds, batchMs: quick ? 8 : 20, warmupMs: quick ? 300 : 800, stages: 1 });
  await app.close();
  return Object.fromEntries(measured.map(({ label, ratio, ns }) => [label, { ratio, us: ns / 1_000 }]));
}

/** The ten without a container. @param {any} stageflow */
function builderPipeline(stageflow) {
  let pipeline = new stageflow.Pipeline('builder');
  for (let index = 0; index < STAGES; index++)
    pipeline = pipeline.withStage(`Stage${index}`, new (stageClass(index))());
  return pipeline.build();
}

/** @param {number} index @param {boolean} [asksForAuth] @returns {new (...args: any[]) => { execute(): unknown }} */
function stageClass(index, asksForAuth = false) {
  const work = stageFunction(false, index);
  class Two {
    /** @param {unknown} first @param {unknown} second */
    constructor(first, second) {
      this.first = first;
      this.second = second;
    }
    execute() {
      return work();
    }
  }
  class Three {
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
  return Object.defineProperty(asksForAuth ? Three : Two, 'name', { value: `Stage${index}` });
}

/** @param {any} stageflow */
async function application(stageflow) {
  class First {}
  class Second {}
  for (const service of [First, Second]) stageflow.Injectable()(service);
  class Singletons {}
  class RunScoped {}
  class Root {}
  pipeline(stageflow, Singletons, [First, Second], [First, Second]);
  pipeline(stageflow, RunScoped, [First, Second, stageflow.AuthContext], [First, Second]);
  stageflow.PipelineModule({ imports: [Singletons, RunScoped] })(Root);
  // Without the default stack, which is measured apart: this is about what is built.
  const app = await stageflow.Stageflow.create(Root, { defaults: false });
  return { app, singletons: Singletons, runScoped: RunScoped };
}

/**
 * What TypeScript writes for a decorated class. Asking for AuthContext makes a stage run-scoped.
 * @param {any} stageflow @param {Function} module @param {readonly Function[]} parameters @param {readonly Function[]} providers
 */
function pipeline(stageflow, module, parameters, providers) {
  const stages = Array.from({ length: STAGES }, (_, index) => {
    const stage = stageClass(index, parameters.length > 2);
    /** @type {any} */ (Reflect).defineMetadata('design:paramtypes', parameters, stage);
    stageflow.Stage()(stage);
    return stage;
  });
  stageflow.PipelineModule({ stages, providers })(module);
}

/** @param {{ index: string, quick: boolean, processes: number }} options */
export async function container({ index, quick, processes }) {
  /** @type {Record<string, { ratio: number, us: number }>[]} */
  const runs = [];
  for (let count = 0; count < processes; count++) runs.push(await inChild('container.mjs', { index, quick }));
  const us = (/** @type {string} */ label) => median(runs.map((run) => run[label].us));
  const ratio = (/** @type {string} */ label) => median(runs.map((run) => run[label].ratio));
  return {
    builderUs: us('builder'),
    singletonsUs: us('builder') * (ratio('singletons') - 1),
    runScopedUs: us('builder') * (ratio('run-scoped') - ratio('singletons')),
  };
}

/** @param {Awaited<ReturnType<typeof container>>} figures */
export function containerTable({ builderUs, singletonsUs, runScopedUs }) {
  return table(
    'Container: a run of 10 independent stages',
    ['', 'measured', 'target', ''],
    [
      ['builder, no container: the run', `${digits(builderUs)} us`],
      [
        '10 singletons with 2 dependencies each: more per run',
        `${digits(singletonsUs)} us`,
        '<= 0.5 us',
        verdict(singletonsUs, NOISE_US),
      ],
      [
        '10 run-scoped stages with 2 singletons each: more per run',
        `${digits(runScopedUs)} us`,
        `<= ${TARGET_US} us`,
        verdict(runScopedUs, TARGET_US),
      ],
    ],
  );
}
