import type { BuilderStage } from './declare-builder-stage.js';

/**
 * The stages of a builder: immutable, and shares everything with the list it was made from, so that adding stages one by
 * one costs the same for each, however many there are.
 */
export class StageList implements Iterable<BuilderStage> {
  readonly #previous: StageList | null;
  readonly #stage: BuilderStage | null;

  private constructor(previous: StageList | null, stage: BuilderStage | null) {
    this.#previous = previous;
    this.#stage = stage;
  }

  static readonly empty: StageList = new StageList(null, null);

  static of(stages: Iterable<BuilderStage>): StageList {
    let list = StageList.empty;
    for (const stage of stages) list = list.with(stage);
    return list;
  }

  with(stage: BuilderStage): StageList {
    return new StageList(this, stage);
  }

  /** In declaration order. */
  toArray(): BuilderStage[] {
    const stages: BuilderStage[] = [];
    for (let list: StageList | null = this; list !== null; list = list.#previous) {
      if (list.#stage !== null) stages.push(list.#stage);
    }
    return stages.reverse();
  }

  [Symbol.iterator](): Iterator<BuilderStage> {
    return this.toArray()[Symbol.iterator]();
  }
}
