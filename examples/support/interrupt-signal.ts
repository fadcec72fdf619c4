/** Turns the first Ctrl-C into an abort, so that the run can clean up; a second one ends the process as usual. */
export function interruptSignal(): { readonly signal: AbortSignal; [Symbol.dispose](): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort('interrupted');
  process.once('SIGINT', abort);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => void process.off('SIGINT', abort),
  };
}
