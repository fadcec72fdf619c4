export type { Clock, ClockTimer } from './clock.js';
export { systemClock } from './system-clock.js';
