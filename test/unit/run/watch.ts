import { MemorySink } from '../../../src/events/index.js';

/** A sink that tells a story by the types of its events. */
export class Watch extends MemorySink {
  get types(): string[] {
    return this.events.map(({ type }) => type);
  }
}
