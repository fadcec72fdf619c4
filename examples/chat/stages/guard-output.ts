import {
  DependsOn,
  type OptionalDependency,
  optional,
  Stage,
  type StageContext,
  StageKind,
  StageOutput,
} from 'stageflow';
import { holdsCardNumber } from '../services/card-number.js';
import { citationsIn } from '../services/citations.js';
import { Answer } from './answer.js';
import { SearchDocuments } from './search-documents.js';

/** The code of the failure when an answer is refused. */
export const OUTPUT_REFUSED = 'OUTPUT_REFUSED';

type Reads = typeof Answer | OptionalDependency<typeof SearchDocuments>;

/** An answer that it refuses fails the run: whoever has seen it as it came is told that it does not count. */
@Stage({ kind: StageKind.Guard })
@DependsOn(Answer, optional(SearchDocuments))
export class GuardOutput {
  execute(ctx: StageContext<Reads>) {
    const { answer } = ctx.inputs.of(Answer);
    const given = new Set(ctx.inputs.of(SearchDocuments)?.passages.map(({ document }) => document));
    const invented = citationsIn(answer).filter((document) => !given.has(document));
    if (invented.length > 0) return refuse('The answer names a source that it was not given.');
    if (holdsCardNumber(answer)) return refuse('The answer holds a card number.');
    return { answer };
  }
}

function refuse(reason: string): StageOutput<never> {
  return StageOutput.fail(new Error(reason), { code: OUTPUT_REFUSED, retryable: false });
}
