import type { EventSink } from 'stageflow';
import { LiveProgress } from './live-progress.js';
import { PlainProgress } from './plain-progress.js';

/** The part of a stream that progress needs; `process.stderr` is one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Live on a terminal, plain lines anywhere else. A terminal that does not know its width says 0. */
export function progressPrinter(stream: ProgressStream): EventSink {
  const write = (text: string): void => void stream.write(text);
  return stream.isTTY === true ? new LiveProgress(write, () => stream.columns || 80) : new PlainProgress(write);
}
