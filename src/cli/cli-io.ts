/** Somewhere to write text to: `process.stdout`, or a list in a test. */
export interface TextOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export type InterruptSignal = 'SIGINT' | 'SIGTERM';

/** Everything the command line has of the world. */
export interface CliIo {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Results. */
  readonly stdout: TextOutput;
  /** Progress and errors. */
  readonly stderr: TextOutput;
  readonly stdin: AsyncIterable<string | Uint8Array> & { readonly isTTY?: boolean };
  readonly version: string;
  /** Loads a module by its absolute path, whatever it is written in. */
  importModule(path: string): Promise<Readonly<Record<string, unknown>>>;
  /** @returns a function that stops listening */
  onInterrupt(listener: (signal: InterruptSignal) => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
  /** Calls back every `ms`. @returns a function that stops it */
  every(ms: number, callback: () => void): () => void;
  /** Milliseconds since 1970. */
  now(): number;
}
