/* The events of a run for browsers: server-sent events, which a client that lost its connection resumes by itself. */
import type { ServerResponse } from 'node:http';
import { type Clock, systemClock } from '../clock/index.js';
import { StageflowError } from '../errors/index.js';
import type { PipelineEvent } from '../events/index.js';
import type { PipelineRun } from '../run/index.js';
import { eventJson } from './event-json.js';

export interface SseOptions {
  /** The header `Last-Event-ID` of the request: goes on after it. Anything but a sequence number stands for all events. */
  readonly lastEventId?: string | readonly string[] | number | null | undefined;
  /** A comment is sent when nothing else was for so long, so that nothing in between cuts the connection. 0 for none. Default 15,000. */
  readonly heartbeatMs?: number;
  /** Cancels the run when the client goes away. Default true; false for runs that others watch, or that a client comes back to. */
  readonly cancelOnDisconnect?: boolean;
  /** Default: the system's. */
  readonly clock?: Clock;
}

type WatchedRun = Pick<PipelineRun, 'events' | 'cancel'>;

/** What a response with such a stream has to say of itself. */
export const SSE_HEADERS = Object.freeze({
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  connection: 'keep-alive',
  'x-accel-buffering': 'no',
});

/**
 * A body for a web `Response`: one message per event, with its sequence number as `id`, its type as `event` and itself as
 * JSON in `data`. Ends after the last event of the run.
 */
export function toSse(run: WatchedRun, options: SseOptions = {}): ReadableStream<Uint8Array> {
  const { heartbeatMs = 15_000, clock = systemClock, cancelOnDisconnect = true } = options;
  const encoder = new TextEncoder();
  const events = run.events.after(sequenceOf(options.lastEventId))[Symbol.asyncIterator]();
  let reading: Promise<string | null> | null = null;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        reading ??= nextMessage(events);
        const message = await orHeartbeat(reading, heartbeatMs, clock);
        if (message === HEARTBEAT) return controller.enqueue(encoder.encode(HEARTBEAT));
        reading = null;
        if (message === null) return controller.close();
        controller.enqueue(encoder.encode(message));
      },
      cancel() {
        if (cancelOnDisconnect) run.cancel('the client has gone away');
      },
    },
    { highWaterMark: 0 },
  );
}

/** Writes such a stream to a response of Node's http, with its headers, at the pace of the client. Resolves when it is over. */
export async function writeSse(run: WatchedRun, response: ServerResponse, options: SseOptions = {}): Promise<void> {
  response.writeHead(200, SSE_HEADERS);
  response.flushHeaders();
  const reader = toSse(run, options).getReader();
  const gone = new Promise<null>((resolve) => {
    response.once('close', () => resolve(null));
  });
  for (;;) {
    const chunk = await Promise.race([reader.read(), gone]);
    if (chunk === null) return reader.cancel();
    if (chunk.done) break;
    if (!response.write(chunk.value)) {
      await Promise.race([new Promise<void>((resolve) => response.once('drain', resolve)), gone]);
    }
  }
  response.end();
}

const HEARTBEAT = ': still here\n\n';

/** Null when there are no more. */
async function nextMessage(events: AsyncIterator<PipelineEvent>): Promise<string | null> {
  try {
    const next = await events.next();
    return next.done === true ? null : messageOfEvent(next.value);
  } catch (error) {
    if (!(error instanceof StageflowError)) throw error;
    // The client cannot go on from where it was; it can see that, and begin anew.
    return `event: stageflow.error\ndata: ${JSON.stringify({ code: error.code, message: error.message })}\n\n`;
  }
}

function messageOfEvent(event: PipelineEvent): string {
  return `id: ${event.sequence}\nevent: ${event.type}\ndata: ${eventJson(event)}\n\n`;
}

function orHeartbeat(message: Promise<string | null>, heartbeatMs: number, clock: Clock): Promise<string | null> {
  if (heartbeatMs <= 0) return message;
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(heartbeatMs, () => resolve(HEARTBEAT));
    timer.keepAlive?.(false); // a client that has gone away must not keep the process from ending
    message.then(resolve, reject).finally(() => timer.clear());
  });
}

function sequenceOf(id: SseOptions['lastEventId']): number {
  const text = String((typeof id === 'object' && id !== null ? id[0] : id) ?? '').trim();
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}
