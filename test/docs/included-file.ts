import type { Block } from './block.js';
import type { Problem } from './problem.js';
import type { Repository } from './repository.js';

const REGION = /^\s*(?:\/\/|#|<!--)\s*#region\s+(\S+)/;
const END = /^\s*(?:\/\/|#|<!--)\s*#endregion\b/;

/** A fence with `file=` must show that file, or that region of it, and nothing else. */
export function checkIncludedFiles(blocks: readonly Block[], repository: Repository): Problem[] {
  return blocks.flatMap((block) => {
    const target = block.attributes.get('file');
    const message = target === undefined ? undefined : mistake(block, target, repository);
    return message === undefined ? [] : [{ page: block.page, line: block.line, message }];
  });
}

function mistake(block: Block, target: string, repository: Repository): string | undefined {
  const [path = '', region] = target.split('#');
  const file = repository.read(path);
  if (file === undefined) return `There is no file "${path}".`;
  const wanted = region === undefined ? file.split(/\r?\n/) : regionOf(file, region);
  if (wanted === undefined) return `"${path}" has no region "${region}" (// #region ${region} … // #endregion).`;
  const expected = tidy(wanted);
  const actual = tidy(block.text.split('\n'));
  const at = expected.findIndex((line, index) => line !== actual[index]);
  if (at === -1 && expected.length === actual.length) return undefined;
  const line = at === -1 ? expected.length : at;
  const has = JSON.stringify(expected[line] ?? '(the end)');
  return `Differs from ${target} at line ${line + 1} of the block: the file has ${has}, the page ${JSON.stringify(actual[line] ?? '(the end)')}.`;
}

function regionOf(file: string, name: string): string[] | undefined {
  const lines = file.split(/\r?\n/);
  const start = lines.findIndex((line) => REGION.exec(line)?.[1] === name);
  if (start === -1) return undefined;
  let depth = 1;
  for (let index = start + 1; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (REGION.test(line)) depth++;
    if (END.test(line) && --depth === 0) return lines.slice(start + 1, index);
  }
  return undefined;
}

/** Without region marks, common indentation, trailing blanks, and blank lines around. */
function tidy(lines: readonly string[]): string[] {
  const kept = lines.filter((line) => !REGION.test(line) && !END.test(line)).map((line) => line.trimEnd());
  while (kept[0] === '') kept.shift();
  while (kept.at(-1) === '') kept.pop();
  const indents = kept.filter((line) => line !== '').map((line) => line.length - line.trimStart().length);
  return kept.map((line) => line.slice(Math.min(...indents)));
}
