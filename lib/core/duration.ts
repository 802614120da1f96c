import { countOf } from "./count";

/** A duration in the fewest characters that still tell, the same on every surface: `30 ms`, `0.4 s`, `12 s`, `3 m 05 s`, `2 h 07 m`. */
export function sayDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 0.095) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor(whole / 60) % 60)} m`;
}

const two = (n: number) => String(n).padStart(2, "0");

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** A time that somebody set, exactly and in the words they would use: `1 hour`, `90 minutes`, `1 minute 30 seconds`. */
export function sayTime(ms: number): string {
  if (ms === 0) return "0 seconds";
  const whole = units.find(([, size]) => ms >= size && ms % size === 0);
  if (whole) return countOf(ms / whole[1], whole[0]);
  const parts: string[] = [];
  let left = ms;
  for (const [unit, size] of units) {
    const count = Math.floor(left / size);
    if (count > 0) parts.push(countOf(count, unit));
    left -= count * size;
  }
  return left > 0 ? (ms < 1000 ? `${ms} ms` : `${[...parts, `${left} ms`].join(" ")}`) : parts.join(" ");
}
