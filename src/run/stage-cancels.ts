/** Stages of a run that its caller cancelled before they could start. */
export class StageCancels {
  #reasons: Map<number, unknown> | null = null;

  get any(): boolean {
    return this.#reasons !== null;
  }

  has(stage: number): boolean {
    return this.#reasons?.has(stage) ?? false;
  }

  reason(stage: number): unknown {
    return this.#reasons?.get(stage);
  }

  add(stage: number, reason: unknown): void {
    this.#reasons ??= new Map();
    this.#reasons.set(stage, reason);
  }
}
