import type { StageContext } from '../stage/index.js';

/** Something that a stage was given, and what to call it. */
export interface GivenData {
  /** `the input`, or `the output of "Fetch"`. */
  readonly name: string;
  readonly data: unknown;
}

/** What a stage reads: the input of the run, and the outputs of the stages it depends on, as far as there are any. */
export function givenData({ snapshot, stage, inputs }: StageContext): readonly GivenData[] {
  const outputs = stage.dependsOn
    .filter((dependency) => inputs.status(dependency.stage).status === 'ok')
    .map((dependency) => ({ name: `the output of "${dependency.stage}"`, data: inputs.from(dependency.stage) }));
  return [{ name: 'the input', data: [snapshot.inputText, snapshot.input, snapshot.metadata] }, ...outputs];
}
