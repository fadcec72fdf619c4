// @ts-check
/* Every measurement runs in a process of its own, which knows nothing of the others: `child.mjs` calls `measure` of one file. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));

/**
 * @param {string} file beside this one, exports `measure(options)`
 * @param {object} options
 * @param {readonly string[]} [flags] for node
 * @returns {Promise<any>} what `measure` returned
 */
export function inChild(file, options, flags = []) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...flags, CHILD, file, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    /** @type {unknown} */
    let answer;
    let said = '';
    child.on('message', (message) => {
      answer = message;
    });
    child.stdout?.resume();
    child.stderr?.on('data', (data) => {
      said += data;
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0 && answer !== undefined) resolve(answer);
      else reject(new Error(`${file} ended with ${signal ?? code}: ${said.trim().split('\n').slice(-12).join('\n')}`));
    });
  });
}
