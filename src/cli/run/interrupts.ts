import type { CliIo, InterruptSignal } from '../cli-io.js';
import { ExitCode } from '../exit-code.js';

/** Ctrl-C: the first time cancels, so that stages stop and are cleaned up; the second time ends the process at once. */
export class Interrupts {
  readonly #abort = new AbortController();
  readonly #stop: () => void;
  #first: InterruptSignal | null = null;

  constructor(io: Pick<CliIo, 'onInterrupt' | 'exit' | 'stderr'>) {
    this.#stop = io.onInterrupt((signal) => {
      if (this.#first !== null) {
        io.exit(codeOf(signal));
        return;
      }
      this.#first = signal;
      io.stderr.write('\ncancelling, and cleaning up; once more to stop at once\n');
      this.#abort.abort(new Error(`interrupted by ${signal}`));
    });
  }

  /** Aborts the first time. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** What the process ends with if it was interrupted; null if it was not. */
  get exitCode(): ExitCode | null {
    return this.#first === null ? null : codeOf(this.#first);
  }

  /** From now on the process ends as any other. */
  stop(): void {
    this.#stop();
  }
}

function codeOf(signal: InterruptSignal): ExitCode {
  return signal === 'SIGINT' ? ExitCode.Interrupted : ExitCode.Terminated;
}
