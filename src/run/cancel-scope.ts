/** What can be cancelled as one: a run, a stage of it, or one limited call inside a stage. Its signal is made on demand. */
export class CancelScope {
  /** Calls of the stage's body that are alive in this scope itself. */
  bodies = 0;
  #controller: AbortController | null = null;
  #children: Set<CancelScope> | null = null;
  #listeners: Set<(reason: unknown) => void> | null = null;
  #cancelled = false;
  #abandoned = false;
  #reason: unknown;

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Nobody waits any more for what runs in this scope. */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  get reason(): unknown {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#cancelled) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  cancel(reason: unknown): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    if (this.#listeners !== null) for (const listener of this.#listeners) listener(reason);
    if (this.#children !== null) for (const child of this.#children) child.cancel(reason);
  }

  /** A scope cancelled with this one, that can also be cancelled alone. Call `remove` when it is over. */
  child(): CancelScope {
    const child = new CancelScope();
    this.#children ??= new Set();
    this.#children.add(child);
    if (this.#cancelled) child.cancel(this.#reason);
    return child;
  }

  remove(child: CancelScope): void {
    this.#children?.delete(child);
  }

  /** Lighter than a listener on `signal`, of which Node warns beyond ten. @returns a function that stops listening */
  onCancel(listener: (reason: unknown) => void): () => void {
    this.#listeners ??= new Set();
    const listeners = this.#listeners;
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Stops waiting for what runs in here. @returns how many bodies were alive */
  abandon(): number {
    if (this.#abandoned) return 0;
    this.#abandoned = true;
    let alive = this.bodies;
    if (this.#children !== null) for (const child of this.#children) alive += child.abandon();
    return alive;
  }
}
