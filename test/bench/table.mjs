// @ts-check
/* Figures as text. */

/** @param {string} title @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
export function table(title, head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (/** @type {readonly string[]} */ row) =>
    row
      .map((cell, column) =>
        column === 0 || /^[a-z]/i.test(cell) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join('  ')
      .trimEnd();
  return [
    `## ${title}`,
    '',
    line(head),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...rows.map(line),
    '',
  ].join('\n');
}

/** @param {number} value @param {number | undefined} target at most this */
export function verdict(value, target) {
  if (target === undefined) return '';
  return value <= target ? 'met' : 'missed';
}

/** @param {number | undefined} target @param {string} [unit] */
export const atMost = (target, unit = '') => (target === undefined ? '' : `<= ${target}${unit}`);

/** Three significant digits or so: more would be noise. @param {number} value */
export function digits(value) {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}
