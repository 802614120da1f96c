const two = (n: number) => String(n).padStart(2, "0");

const dayOf = (at: Date) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
const isSameDay = (at: Date, now: number) => dayOf(at) === dayOf(new Date(now));

/** The time of a moment (ms since the epoch, or as text) in the reader's own time zone, by the clock of 24 hours: `21:06:45`. */
export function sayTime(at: number | string): string {
  const moment = new Date(at);
  return `${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}`;
}

/** The same with its day, `2026-11-21 21:06:45`, where that is not today. */
export function sayMoment(at: number | string, now = Date.now()): string {
  const moment = new Date(at);
  return isSameDay(moment, now) ? sayTime(at) : `${dayOf(moment)} ${sayTime(at)}`;
}

/** A moment as short as it can be told: the time of today, `21:06`, or else the day. */
export function sayDay(at: number | string, now = Date.now()): string {
  const moment = new Date(at);
  return isSameDay(moment, now) ? sayTime(at).slice(0, 5) : dayOf(moment);
}
