import type { StoredRun } from '../../journal/index.js';
import { duration, moment } from '../output/duration.js';
import type { Palette } from '../output/palette.js';
import { plainText, shortText } from '../output/plain-text.js';
import { type Timeline, type TimelineRow, timelineOf } from './timeline.js';

const WIDEST_NAME = 32;
const NARROWEST_BAR = 20;
/** What stands around name and bar: status, begin, duration and gaps. */
const AROUND = 34;

/** A run as lines with bars: what ran when, for how long, beside what. */
export function ganttText(run: StoredRun, width: number, palette: Palette): string {
  const timeline = timelineOf(run);
  const rows = timeline.rows;
  const nameWidth = Math.min(
    WIDEST_NAME,
    rows.reduce((most, row) => Math.max(most, [...nameOf(row)].length), 0),
  );
  const barWidth = Math.max(NARROWEST_BAR, width - nameWidth - AROUND);
  const lines = [
    headline(run, timeline),
    ...rows.map((row) => rowText(row, timeline, { nameWidth, barWidth }, palette)),
  ];
  const reasons = rows.filter(({ reason }) => reason !== null);
  if (reasons.length > 0) lines.push('', ...reasons.map((row) => `${nameOf(row)}: ${plainText(row.reason ?? '')}`));
  return `${lines.join('\n')}\n`;
}

function headline({ runId, pipeline, key, end }: StoredRun, { startedAt, endedAt }: Timeline): string {
  const tenant = key.tenant === null ? '' : `, tenant ${plainText(key.tenant)}`;
  const status = end?.status ?? 'open';
  const took = duration(endedAt - startedAt);
  return `${plainText(pipeline)} ${status} in ${took}, run ${plainText(runId)}${tenant}, ${moment(startedAt)} UTC`;
}

function nameOf({ isTool, name, round }: TimelineRow): string {
  const label = round > 1 ? `${plainText(name)} (${round})` : plainText(name);
  return isTool ? `  ${label}` : label;
}

function rowText(
  row: TimelineRow,
  timeline: Timeline,
  { nameWidth, barWidth }: { readonly nameWidth: number; readonly barWidth: number },
  palette: Palette,
): string {
  const name = shortText(nameOf(row), nameWidth);
  const padded = name + ' '.repeat(nameWidth - [...name].length);
  const { startedAt, endedAt } = row;
  const begin = startedAt === null ? '' : `+${duration(startedAt - timeline.startedAt)}`;
  const took = startedAt === null || endedAt === null ? '' : duration(endedAt - startedAt);
  const status = paint(row, palette)(row.status.padEnd(6));
  return `${padded}  ${status}  |${barOf(row, timeline, barWidth)}|  ${begin.padStart(9)}  ${took}`.trimEnd();
}

/** At least one cell for what started, so that nothing is too quick to be seen. */
function barOf({ startedAt, endedAt, status }: TimelineRow, timeline: Timeline, width: number): string {
  if (startedAt === null) return ' '.repeat(width);
  const whole = Math.max(1, timeline.endedAt - timeline.startedAt);
  const cell = (at: number): number => ((at - timeline.startedAt) / whole) * width;
  const from = Math.min(width - 1, Math.max(0, Math.floor(cell(startedAt))));
  const to = Math.min(width, Math.max(from + 1, Math.round(cell(endedAt ?? timeline.endedAt))));
  const fill = status === 'open' ? '?' : '=';
  return `${' '.repeat(from)}${fill.repeat(to - from)}${' '.repeat(width - to)}`;
}

function paint({ status }: TimelineRow, { good, bad, warn, faint }: Palette): (text: string) => string {
  if (status === 'ok') return good;
  if (status === 'fail') return bad;
  return status === 'skip' ? faint : warn;
}
