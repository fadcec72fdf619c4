/** How a check hears that it should stop, and says how far it is. The context of a stage is one. */
export interface Watch {
  readonly signal: AbortSignal;
  /** @param fraction 0 to 1 */
  progress(fraction: number): void;
}
