/** Colours by what they mean. */
export interface Palette {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  faint(text: string): string;
  strong(text: string): string;
}

const as = (text: string): string => text;
const PLAIN: Palette = { good: as, bad: as, warn: as, faint: as, strong: as };

const between =
  (open: number, close: number) =>
  (text: string): string =>
    `\u001b[${open}m${text}\u001b[${close}m`;

const COLOURED: Palette = {
  good: between(32, 39),
  bad: between(31, 39),
  warn: between(33, 39),
  faint: between(2, 22),
  strong: between(1, 22),
};

/** Colours for a terminal, unless NO_COLOR says otherwise. */
export function paletteFor(
  output: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Palette {
  const isWanted = output.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  return isWanted ? COLOURED : PLAIN;
}
