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
  /** Whether a client that leaves cancels the run. Default true; false for runs that others watch or that go on alone. */
  readonly cancelOnDisconnect?: boolean;
}

/**
 * The events of a run for a handler with `@Sse()`: one message each as it happens, with the sequence number as its id,
 * complete when the run has ended.
 */
export function toSse(run: PipelineRun, options: SseOptions = {}): Observable<MessageEvent> {
  const { lastEventId, cancelOnDisconnect = true } = options;
  return new Observable((client) => {
    const events = run.events.after(sequenceOf(lastEventId))[Symbol.asyncIterator]();
    let isOver = false;
    pass(events, client).then(
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

async function pass(events: AsyncIterator<PipelineEvent>, client: Subscriber<MessageEvent>): Promise<void> {
  for (let next = await events.next(); !next.done && !client.closed; next = await events.next()) {
    const { sequence, type } = next.value;
    client.next({ id: String(sequence), type, data: next.value });
  }
}

function sequenceOf(lastEventId: SseOptions['lastEventId']): number {
  const sequence = Number(lastEventId ?? 0);
  return Number.isSafeInteger(sequence) && sequence > 0 ? sequence : 0;
}
