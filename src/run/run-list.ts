/** One that can be in a list: the list is kept in its own fields, so that entering and leaving cost next to nothing. */
export interface Listed<T> {
  previous: T | null;
  following: T | null;
}

/** What is going on, in no particular order. */
export class RunList<T extends Listed<T>> {
  #first: T | null = null;

  get isEmpty(): boolean {
    return this.#first === null;
  }

  add(item: T): void {
    item.following = this.#first;
    if (this.#first !== null) this.#first.previous = item;
    this.#first = item;
  }

  remove(item: T): void {
    if (item.previous === null) this.#first = item.following;
    else item.previous.following = item.following;
    if (item.following !== null) item.following.previous = item.previous;
    item.previous = null;
    item.following = null;
  }

  find(isMeant: (item: T) => boolean): T | null {
    for (let item = this.#first; item !== null; item = item.following) if (isMeant(item)) return item;
    return null;
  }

  /** All of them, as they are now. */
  toArray(): readonly T[] {
    const items: T[] = [];
    for (let item = this.#first; item !== null; item = item.following) items.push(item);
    return items;
  }
}
