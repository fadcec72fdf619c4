import type { MessageEvent } from '@nestjs/common';
import { Observable, type Subscriber } from 'rxjs';
import type { PipelineEvent } from '../events/index.js';
import type { PipelineRun } from '../run/index.js';

export interface SseOptions {
  /**
   * The `Last-Event-ID` header of a client that comes back, as it is: it gets what came after. Anything but a number is
   * taken for none.
   */
  readonly lastEventId?: string | readonly string[] | undefined;
  /**
   * For runs that are resumed, whose events are numbered from 1 again: something else in each process. Ids are then
   * `epoch.number`, and a client that comes back with one of another epoch gets all events of this one. Default: none.
   */
  readonly epoch?: string;
  /** Whether a client that leaves cancels the run. Default true; false for runs that others watch or that go on alone. */
  readonly cancelOnDisconnect?: boolean;
}

/**
 * The events of a run for a handler with `@Sse()`: one message each as it happens, with the sequence number as its id,
 * complete when the run has ended.
 */
export function toSse(run: PipelineRun, options: SseOptions = {}): Observable<MessageEvent> {
  const { lastEventId, cancelOnDisconnect = true, epoch } = options;
  const prefix = epoch === undefined ? '' : `${epoch}.`;
  return new Observable((client) => {
    const events = run.events.after(sequenceOf(lastEventId, prefix))[Symbol.asyncIterator]();
    let isOver = false;
    pass(events, client, prefix).then(
      () => {
        isOver = true;
        client.complete();
      },
      (error: unknown) => {
        isOver = true;
        client.error(error);
      },
    );
    return () => {
      if (!isOver && cancelOnDisconnect) run.cancel('the client has disconnected');
    };
  });
}

async function pass(
  events: AsyncIterator<PipelineEvent>,
  client: Subscriber<MessageEvent>,
  prefix: string,
): Promise<void> {
  for (let next = await events.next(); !next.done && !client.closed; next = await events.next()) {
    const { sequence, type } = next.value;
    client.next({ id: `${prefix}${sequence}`, type, data: next.value });
  }
}

function sequenceOf(lastEventId: SseOptions['lastEventId'], prefix: string): number {
  const id = typeof lastEventId === 'string' ? lastEventId : (lastEventId?.[0] ?? '');
  const sequence = id.startsWith(prefix) ? Number(id.slice(prefix.length)) : 0;
  return Number.isSafeInteger(sequence) && sequence > 0 ? sequence : 0;
}
