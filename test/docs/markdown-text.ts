/** Markdown written in a test: `'''` stands for a fence. */
export function md(...lines: string[]): string {
  return lines.join('\n').replaceAll("'''", '```');
}
