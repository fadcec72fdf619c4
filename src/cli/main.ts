#!/usr/bin/env node
import { pathToFileURL } from 'node:url';
import { copyOf, otherCopy } from './own-package.js';
import { flushed, processIo } from './process-io.js';
import { runCli } from './run-cli.js';

const own = copyOf(import.meta.url);
const other = otherCopy(process.cwd(), own);
if (other?.bin) {
  await import(pathToFileURL(other.bin).href);
} else {
  // A reader that has seen enough, such as head, closes the pipe: nobody is left to be told of it.
  process.stdout.on('error', () => process.exit());
  const code = await runCli(process.argv.slice(2), processIo(own.version));
  await flushed(process.stdout, process.stderr);
  process.exit(code); // whatever the modules that were loaded have left open
}
