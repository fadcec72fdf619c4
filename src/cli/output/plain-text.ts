/** Text of others as a terminal may have it: on one line, and with nothing that the terminal would obey. */
export function plainText(text: string): string {
  return text.replace(/[\r\n\t\u2028\u2029]+/g, ' ').replace(/\p{Cc}|\p{Cf}|\p{Cs}/gu, '\uFFFD');
}

/** The same, at most `width` characters long. */
export function shortText(text: string, width: number): string {
  const plain = [...plainText(text)];
  if (plain.length <= width) return plain.join('');
  return width < 1 ? '' : `${plain.slice(0, width - 1).join('')}…`;
}
