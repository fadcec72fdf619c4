/* Waiting for what others do, no longer than the stage is wanted. Nothing is left behind: no timer, no listener. */
import type { StageContext } from '../stage/index.js';

/** @returns what `promise` gives @throws STAGE_CANCELLED as soon as the stage is told to stop; `promise` goes on */
export function orCancelled<T>(ctx: StageContext, promise: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stopListening = onCancel(ctx, reject);
    promise.then(resolve, reject).finally(stopListening);
  });
}

/** Waits for `wake`, but no longer than this. @throws STAGE_CANCELLED as soon as the stage is told to stop */
export function pause(ctx: StageContext, delayMs: number, wake: Promise<unknown> | undefined): Promise<void> {
  if (wake === undefined) return ctx.sleep(delayMs);
  return new Promise<void>((resolve, reject) => {
    const timer = ctx.clock.setTimer(delayMs, () => end(resolve));
    const stopListening = onCancel(ctx, (error) => end(() => reject(error)));
    const end = (settle: () => void): void => {
      timer.clear();
      stopListening();
      settle();
    };
    // However it ends: whoever waits looks again for itself.
    const woken = (): void => end(resolve);
    wake.then(woken, woken);
  });
}

/** Calls back once when the stage is told to stop, at once if it was. @returns a function that stops listening */
function onCancel(ctx: StageContext, call: (error: unknown) => void): () => void {
  const { signal } = ctx;
  const tell = (): void => {
    try {
      ctx.checkpoint();
    } catch (error) {
      call(error);
    }
  };
  if (signal.aborted) queueMicrotask(tell);
  else signal.addEventListener('abort', tell, { once: true });
  return () => signal.removeEventListener('abort', tell);
}
