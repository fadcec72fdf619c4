/** The items of a stage that are worked on. */
export interface LiveItems {
  /** @returns whether there is such an item, or may be, that has not ended */
  cancel(key: string, reason: unknown): boolean;
}
