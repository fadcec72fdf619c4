/** Something wrong on a page, at a line of the page (1-based). */
export interface Problem {
  readonly page: string;
  readonly line: number;
  readonly message: string;
}

/** One line per problem, `page:line: message`, in page order and without repetitions. */
export function format(problems: readonly Problem[]): string[] {
  const inOrder = [...problems].sort((a, b) => a.page.localeCompare(b.page) || a.line - b.line);
  return [...new Set(inOrder.map((problem) => `${problem.page}:${problem.line}: ${problem.message}`))];
}
