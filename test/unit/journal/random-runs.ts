import type { Journal } from '../../../src/journal/index.js';
import { Pipeline, type RunnablePipeline } from '../../../src/pipeline/index.js';
import { StageOutput } from '../../../src/stage/index.js';
import { randomNumbers } from '../../../src/testing/random.js';

type Build = (journal: Journal | null, calls?: string[]) => RunnablePipeline;

/** A small graph whose stages compute, skip, fail where that is tolerated, write facts, and read what is upstream. */
export function randomRun(seed: number): Build {
  return (journal, calls = []) => {
    const numbers = randomNumbers(seed);
    const random = () => numbers(1_000) / 1_000;
    const count = 2 + Math.floor(random() * 6);
    // Names are made as the graph is, so the compiler knows none of them.
    let pipeline: Pipeline<any> = new Pipeline(`random-${seed}`, { failurePolicy: 'continue' });
    for (let index = 0; index < count; index++) {
      const before = Array.from({ length: index }, (_, other) => other).filter(() => random() < 0.4);
      const [kind, waits, value] = [random(), random() < 0.3, random()];
      const dependsOn = before.map((other) => ({ stage: `s${other}`, optional: true }));
      const execute = async ({ inputs, bag }: any) => {
        if (waits) await null;
        calls.push(`s${index}`);
        const read = before.map((other) => inputs.from(`s${other}`) ?? null);
        if (kind < 0.15) return StageOutput.skip(`skipped ${index}`);
        if (kind < 0.25 && index < count - 1) return StageOutput.fail(new RangeError(`failed ${index}`));
        if (kind > 0.8) bag.set(`fact-${index}`, { at: new Date(index), value });
        return { value, read, big: BigInt(index), at: new Date(value * 1e12), text: '"ünï\n' };
      };
      pipeline = pipeline.withStage(`s${index}`, execute, { dependsOn }) as Pipeline<any>;
    }
    return pipeline.build(journal === null ? {} : { journal });
  };
}

export async function runRandom(build: Build, journal: Journal, identity: { readonly runId: string }) {
  const { status, results } = await build(journal).start({ identity, inputText: 'x' }).result;
  return { status, outputs: results.outputs };
}
