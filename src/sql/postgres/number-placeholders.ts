// Texts, quoted names and comments are passed over whole, with the question marks in them.
const PARTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?/g;
const KEPT_STATEMENTS = 500;

/** Makes `$1, $2, …` of `?, ?, …`, once per statement. */
export class NumberedStatements {
  readonly #known = new Map<string, string>();

  of(sql: string): string {
    const known = this.#known.get(sql);
    if (known !== undefined) return known;
    if (this.#known.size >= KEPT_STATEMENTS) this.#known.clear();
    const numbered = numberPlaceholders(sql);
    this.#known.set(sql, numbered);
    return numbered;
  }
}

function numberPlaceholders(sql: string): string {
  let count = 0;
  return sql.replace(PARTS, (part) => (part === '?' ? `$${++count}` : part));
}
