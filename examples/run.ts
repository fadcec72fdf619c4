import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** `npm run example` runs the main example, `npm run example -- simple` another; what follows the name goes to it. */
const MAIN_EXAMPLE = 'dependency-audit';

const folder = import.meta.dirname;
const mainOf = (name: string): string => path.join(folder, name, 'main.ts');
const examples = readdirSync(folder).filter((name) => existsSync(mainOf(name)));

const [first, ...rest] = process.argv.slice(2);

if (first === '--help' || first === '-h') {
  console.log(usage());
} else if (first === undefined || examples.includes(first)) {
  const name = first ?? MAIN_EXAMPLE;
  process.argv = [process.execPath, mainOf(name), ...rest];
  await import(`./${name}/main.ts`);
} else {
  console.error(`There is no example "${first}".\n\n${usage()}`);
  process.exitCode = 2;
}

function usage(): string {
  const names = examples.map((name) => `  ${name}${name === MAIN_EXAMPLE ? ' (default)' : ''}`);
  return ['npm run example -- [name] [arguments for it]', '', ...names].join('\n');
}
