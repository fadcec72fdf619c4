/** Numbers the calls of one attempt of a stage, whichever of its contexts they are made with. */
export class CallCounter {
  #attempt = 0;
  #calls = 0;

  next(attempt: number): number {
    if (attempt !== this.#attempt) {
      this.#attempt = attempt;
      this.#calls = 0; // an attempt makes the same calls again, under the same keys
    }
    return ++this.#calls;
  }
}
