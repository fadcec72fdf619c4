import type { Block } from './block.js';
import type { Problem } from './problem.js';

/** `json` fences must parse as they stand; `jsonc` fences may hold comments and trailing commas. */
export function checkJson(blocks: readonly Block[]): Problem[] {
  return blocks.flatMap((block) => {
    if (block.language !== 'json' && block.language !== 'jsonc') return [];
    try {
      JSON.parse(block.language === 'json' ? block.text : plainJson(block.text));
      return [];
    } catch (error) {
      return [{ page: block.page, line: block.line, message: `Not JSON: ${(error as Error).message}` }];
    }
  });
}

/** Keeps strings, drops comments, then drops the comma before a closing bracket. */
function plainJson(text: string): string {
  return text
    .replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1')
    .replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, '$1');
}
