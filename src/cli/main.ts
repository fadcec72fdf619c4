#!/usr/bin/env node
import { pathToFileURL } from 'node:url';
import { ExitCode } from './exit-code.js';
import { copyOf, otherCopy } from './own-package.js';
import { flushed, processIo } from './process-io.js';
import { runCli } from './run-cli.js';

const own = copyOf(import.meta.url);
const other = otherCopy(process.cwd(), process.argv.slice(2), own);
if (other?.bin) {
  await import(pathToFileURL(other.bin).href);
} else {
  // A reader that has seen enough, such as head, closes the pipe. That is no reason to leave a run in the middle.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  // What nobody has caught ends the process, and must not look like a run that failed.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(ExitCode.Fault);
  });
  // A run that waits, for a person for instance, need not hold anything that keeps a process alive.
  const alive = setInterval(() => {}, 2 ** 30);
  const code = await runCli(process.argv.slice(2), processIo(own.version));
  clearInterval(alive);
  await flushed(process.stdout, process.stderr);
  process.exit(code); // whatever the modules that were loaded have left open
}
