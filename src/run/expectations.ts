import { type Contract, type ContractResult, contractViolation } from '../contracts/index.js';
import { type StageContext, StageOutput } from '../stage/index.js';
import type { BoundContracts } from './bound-pipeline.js';

interface Expected {
  readonly contract: Contract;
  readonly subject: string;
  readonly value: unknown;
}

/**
 * What one stage expects of the run's input and of the stages it reads. Looked at before the stage, and everything around
 * it, is called.
 */
export class Expectations {
  readonly #contracts: BoundContracts;
  readonly #stage: string;

  constructor(contracts: BoundContracts, stage: string) {
    this.#contracts = contracts;
    this.#stage = stage;
  }

  get any(): boolean {
    return this.#contracts.input !== null || this.#contracts.expects.length > 0;
  }

  /** The failure that names reader and producer, or null if everything is as expected. Never rejects. */
  async refuse(ctx: StageContext): Promise<StageOutput | null> {
    try {
      for (const { contract, subject, value } of this.#expected(ctx)) {
        const result: ContractResult<unknown> = await contract.check(value);
        if (!result.ok)
          return StageOutput.fail(contractViolation({ contract, subject, issues: result.issues, fix: FIX }));
      }
      return null;
    } catch (error) {
      return StageOutput.fail(error);
    }
  }

  #expected(ctx: StageContext): readonly Expected[] {
    const { input, expects } = this.#contracts;
    const outputs = expects.flatMap(({ stage, contract }) => {
      if (ctx.inputs.status(stage).status !== 'ok') return []; // there is nothing to look at, which the stage can see
      const subject = `the output of stage "${stage}", which stage "${this.#stage}" reads,`;
      return [{ contract, subject, value: ctx.inputs.from(stage) }];
    });
    if (input === null) return outputs;
    const subject = `the input of the run, which stage "${this.#stage}" reads,`;
    return [{ contract: input, subject, value: ctx.snapshot.input }, ...outputs];
  }
}

const FIX = 'Hand on what is expected, or expect less.';
