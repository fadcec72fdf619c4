import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** What is typed, line by line, until a line is empty, the input ends or the signal aborts. */
export async function* typedLines(input: Readable, signal: AbortSignal): AsyncGenerator<string> {
  // Without `terminal`, Ctrl-C reaches the process, which then aborts the signal.
  const lines = createInterface({ input, terminal: false, signal });
  try {
    for await (const line of lines) {
      if (line.trim() === '') return;
      yield line;
    }
  } finally {
    lines.close(); // else the input keeps the process alive
  }
}
