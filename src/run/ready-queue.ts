/** Stages that may start, in the order they should. */
export interface ReadyQueue {
  readonly size: number;
  push(stage: number): void;
  /** The stage to start next, or -1. */
  shift(): number;
  /** Takes out those that `isGone` names; the order of the others stays. */
  remove(isGone: (stage: number) => boolean): number[];
}

/** First ready, first started: the order without priorities. */
export class FifoQueue implements ReadyQueue {
  private readonly items: number[] = [];
  private head = 0;
  private tail = 0;

  get size(): number {
    return this.tail - this.head;
  }

  push(stage: number): void {
    this.items[this.tail++] = stage;
  }

  shift(): number {
    if (this.head === this.tail) return -1;
    const stage = this.items[this.head++] as number;
    if (this.head === this.tail) {
      this.head = 0;
      this.tail = 0;
    }
    return stage;
  }

  remove(isGone: (stage: number) => boolean): number[] {
    const waiting = this.items.slice(this.head, this.tail);
    this.head = 0;
    this.tail = 0;
    for (const stage of waiting) if (!isGone(stage)) this.push(stage);
    return waiting.filter(isGone);
  }
}

/** How many later arrivals one step of priority overtakes. */
const OVERTAKES_PER_STEP = 1_000;

/**
 * Higher priority first, without starvation: a stage's rank is its arrival number minus `priority * OVERTAKES_PER_STEP`,
 * fixed when it arrives. So a stage of priority p is overtaken by at most 1,000 later arrivals per step above p, however
 * many keep coming. A binary heap; equal ranks go
 * by arrival, so equal priorities keep their order.
 */
export class PriorityQueue implements ReadyQueue {
  readonly #priorities: readonly number[];
  readonly #stages: number[] = [];
  readonly #ranks: number[] = [];
  readonly #arrivals: number[] = [];
  #arrived = 0;

  /** @param priorities by stage index */
  constructor(priorities: readonly number[]) {
    this.#priorities = priorities;
  }

  get size(): number {
    return this.#stages.length;
  }

  push(stage: number): void {
    const arrival = this.#arrived++;
    this.#insert(stage, arrival - (this.#priorities[stage] as number) * OVERTAKES_PER_STEP, arrival);
  }

  remove(isGone: (stage: number) => boolean): number[] {
    const stages = this.#stages.splice(0);
    const ranks = this.#ranks.splice(0);
    const arrivals = this.#arrivals.splice(0);
    stages.forEach((stage, place) => {
      if (!isGone(stage)) this.#insert(stage, ranks[place] as number, arrivals[place] as number);
    });
    return stages.filter(isGone);
  }

  #insert(stage: number, rank: number, arrival: number): void {
    let at = this.#stages.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(rank, arrival, parent)) break;
      this.#copy(parent, at);
      at = parent;
    }
    this.#place(at, stage, rank, arrival);
  }

  shift(): number {
    const first = this.#stages[0];
    if (first === undefined) return -1;
    const stage = this.#stages.pop() as number;
    const rank = this.#ranks.pop() as number;
    const arrival = this.#arrivals.pop() as number;
    if (this.#stages.length > 0) this.#sink(stage, rank, arrival);
    return first;
  }

  #sink(stage: number, rank: number, arrival: number): void {
    const size = this.#stages.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      const right = child + 1;
      if (right < size && this.#isBefore(this.#ranks[right] as number, this.#arrivals[right] as number, child))
        child = right;
      if (this.#isBefore(rank, arrival, child)) break;
      this.#copy(child, at);
      at = child;
    }
    this.#place(at, stage, rank, arrival);
  }

  #isBefore(rank: number, arrival: number, other: number): boolean {
    const otherRank = this.#ranks[other] as number;
    return rank < otherRank || (rank === otherRank && arrival < (this.#arrivals[other] as number));
  }

  #copy(from: number, to: number): void {
    this.#place(to, this.#stages[from] as number, this.#ranks[from] as number, this.#arrivals[from] as number);
  }

  #place(at: number, stage: number, rank: number, arrival: number): void {
    this.#stages[at] = stage;
    this.#ranks[at] = rank;
    this.#arrivals[at] = arrival;
  }
}
