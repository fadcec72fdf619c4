import type { CliIo, InterruptSignal } from '../cli-io.js';
import { ExitCode } from '../exit-code.js';

/** npm and npx pass on to their child what the terminal has sent it already: one Ctrl-C may arrive twice. */
const ECHO_MS = 300;

/** Ctrl-C: the first time cancels, so that stages stop and are cleaned up; the second time ends the process at once. */
export class Interrupts {
  readonly #abort = new AbortController();
  readonly #stop: () => void;
  #first: InterruptSignal | null = null;
  #firstAt = 0;

  constructor(io: Pick<CliIo, 'onInterrupt' | 'exit' | 'stderr' | 'now'>) {
    this.#stop = io.onInterrupt((signal) => {
      if (this.#first !== null) {
        if (io.now() - this.#firstAt >= ECHO_MS) io.exit(codeOf(signal));
        return;
      }
      this.#first = signal;
      this.#firstAt = io.now();
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
