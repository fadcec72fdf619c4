import { StageKind } from '../../stage/index.js';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Shapes show kinds, as in the other pictures of a graph. */
const SHAPES: Readonly<Record<StageKind, (box: Box) => string>> = {
  [StageKind.Transform]: (box) => rectangle(box, 3),
  [StageKind.Enrich]: (box) => rectangle(box, 14),
  [StageKind.Route]: (box) => polygon(box, 20),
  [StageKind.Guard]: (box) => polygon(box, 10),
  [StageKind.Work]: (box) => rectangle(box, 3) + bars(box),
  [StageKind.Agent]: (box) => rectangle(box, box.height / 2),
};

export function shapeOf(kind: StageKind, box: Box): string {
  return SHAPES[kind](box);
}

function rectangle({ left, top, width, height }: Box, radius: number): string {
  return `<rect x="${px(left)}" y="${px(top)}" width="${px(width)}" height="${px(height)}" rx="${px(radius)}"/>`;
}

/** Pointed at its sides. */
function polygon({ left, top, width, height }: Box, point: number): string {
  const [right, bottom, middle] = [left + width, top + height, top + height / 2];
  const corners = [
    [left + point, top],
    [right - point, top],
    [right, middle],
    [right - point, bottom],
    [left + point, bottom],
    [left, middle],
  ];
  return `<polygon points="${corners.map(([x, y]) => `${px(x!)},${px(y!)}`).join(' ')}"/>`;
}

function bars({ left, top, width, height }: Box): string {
  const bar = (x: number): string => `M${px(x)} ${px(top)}v${px(height)}`;
  return `<path class="bars" d="${bar(left + 6)}${bar(left + width - 6)}"/>`;
}

/** Short, and the same everywhere. */
export function px(length: number): string {
  return String(Math.round(length * 10) / 10);
}

/** Text that cannot become markup, without what XML does not allow. */
export function xmlText(text: string): string {
  return text
    .replace(/[\r\n\t\u2028\u2029]+/g, ' ')
    .replace(/\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu, '\uFFFD')
    .replace(/[&<>"']/g, (char) => `&#${char.codePointAt(0)};`);
}
