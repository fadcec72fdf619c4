/** What can be cancelled as one: a run, a stage of it, or one limited call inside a stage. Its signal is made on demand. */
export class CancelScope {
  /** Calls of the stage's body that are alive in this scope itself. */
  bodies = 0;
  #controller: AbortController | null = null;
  /** The child made last; each knows its parent and its neighbours. Only scopes write these four. */
  last: CancelScope | null = null;
  before: CancelScope | null = null;
  after: CancelScope | null = null;
  parent: CancelScope | null = null;
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
    for (const child of this.children()) child.cancel(reason);
  }

  /** A scope cancelled with this one, that can also be cancelled alone. Call `remove` when it is over. */
  child(): CancelScope {
    return this.adopt(new CancelScope());
  }

  /** The same with one that has been made for it. */
  adopt<S extends CancelScope>(child: S): S {
    child.parent = this;
    child.before = this.last;
    if (this.last !== null) this.last.after = child;
    this.last = child;
    if (this.#cancelled) child.cancel(this.#reason);
    return child;
  }

  remove(child: CancelScope): void {
    if (child.parent !== this) return;
    const { before, after } = child;
    if (before !== null) before.after = after;
    if (after === null) this.last = before;
    else after.before = before;
    child.parent = null;
    child.before = null;
    child.after = null;
  }

  /** In the order they were made. A copy: what is cancelled may end, and be removed, while others have yet to hear of it. */
  private children(): CancelScope[] {
    const children: CancelScope[] = [];
    for (let child = this.last; child !== null; child = child.before) children.push(child);
    return children.reverse();
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
    for (const child of this.children()) alive += child.abandon();
    return alive;
  }
}
