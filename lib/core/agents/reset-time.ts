import type { Moment } from "./error-class";

const dayMs = 86_400_000;
const unitMs: Record<string, number> = { d: dayMs, h: 3_600_000, m: 60_000, s: 1000 };
const lead = String.raw`(?:resets?|reset|until|again|retry|available|wait)\b[^\d\n]{0,40}?`;
const iso = new RegExp(
  String.raw`${lead}(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d))`,
  "i",
);
const epoch = /limit reached\|(\d{10,13})\b|resets?_?at["']?\s*[:=]\s*"?(\d{10,13})\b/i;
const seconds =
  /(?:retry[-_ ]?after|resets?_in_seconds|retry_?delay)(?:_ms)?["']?\s*[:=]?\s*"?(\d+(?:\.\d+)?)/i;
const span = /\b(?:in|after)\s+((?:\d+(?:\.\d+)?\s*(?:d|h|m|s)[a-z]*[\s,]*(?:and\s+)?){1,4})/i;
const clock = new RegExp(
  String.raw`${lead}(?:([A-Z][a-z]{2})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?(?:, \d{4})?,? (?:at )?)?(\d{1,2})(?::(\d\d))? ?([ap]m)?\b(?: ?\(([A-Za-z_/+-]+\d*)\))?`,
  "i",
);
const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** The moment at which a limit ends, as far as the words say; ms since the epoch. */
export function resetTime(text: string, at: Moment): number | null {
  const date = iso.exec(text)?.[1];
  if (date !== undefined && !Number.isNaN(Date.parse(date))) return Date.parse(date);
  const since = epoch.exec(text);
  const number = Number(since?.[1] ?? since?.[2]);
  if (number > 0) return number < 1e11 ? number * 1000 : number;
  const wait = seconds.exec(text);
  if (wait) return at.now + Math.ceil(Number(wait[1]) * (wait[0].includes("_ms") ? 1 : 1000));
  const spoken = span.exec(text)?.[1];
  if (spoken !== undefined) return at.now + spanMs(spoken);
  return clockTime(text, at);
}

function spanMs(text: string): number {
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)\s*([dhms])/gi))
    total += Number(amount) * (unitMs[(unit ?? "").toLowerCase()] ?? 0);
  return Math.ceil(total);
}

/** "resets 3pm (Europe/Berlin)", "try again at 15:05", "resets Nov 22, 9am": the next such moment. */
function clockTime(text: string, at: Moment): number | null {
  const match = clock.exec(text);
  const [, month, day, hourText, minute, half, named] = match ?? [];
  if (!match || hourText === undefined || (minute === undefined && half === undefined)) return null;
  const hour = half ? (Number(hourText) % 12) + (/^p/i.test(half) ? 12 : 0) : Number(hourText);
  if (hour > 23 || Number(minute ?? 0) > 59) return null;
  const offset = offsetMs(named ?? at.zone, at.now) ?? offsetMs(at.zone, at.now) ?? 0;
  const midnight = Math.floor((at.now + offset) / dayMs) * dayMs;
  const time = hour * unit("h") + Number(minute ?? 0) * unit("m") - offset;
  if (month !== undefined && months.includes(month.toLowerCase())) {
    const year = Math.floor((at.now + offset) / (365.2425 * dayMs)) + 1970;
    const wanted = (y: number) => Date.UTC(y, months.indexOf(month.toLowerCase()), Number(day)) + time;
    return wanted(year) + 30 * dayMs < at.now ? wanted(year + 1) : wanted(year);
  }
  return midnight + time > at.now ? midnight + time : midnight + dayMs + time;
}

const unit = (name: string) => unitMs[name] ?? 0;

/** How far a time zone's clocks are ahead of UTC, in ms; undefined for an unknown zone. */
function offsetMs(zone: string, now: number): number | undefined {
  try {
    const format = { timeZone: zone, hourCycle: "h23", dateStyle: "short", timeStyle: "medium" } as const;
    const parts = new Intl.DateTimeFormat("en-US", { ...format }).formatToParts(now);
    const part = (type: string) => Number(parts.find((p) => p.type === type)?.value);
    const year = 2000 + (part("year") % 100);
    const local = Date.UTC(
      year,
      part("month") - 1,
      part("day"),
      part("hour"),
      part("minute"),
      part("second"),
    );
    return local - Math.floor(now / 1000) * 1000;
  } catch {
    return undefined;
  }
}
