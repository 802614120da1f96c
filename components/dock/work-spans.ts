import type { Span } from "../../lib/core/views/timeline";

/** A stretch of a lane; `stoppingFrom` is when it began to be stopped, where that is part of it. */
export interface Stretch extends Span {
  stoppingFrom?: number;
}

/** The stretches of a lane, with an attempt that was stopped as one: until it has ended it is at work. */
export function stretchesOf(spans: readonly Span[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const span of spans) {
    const last = stretches.at(-1);
    const goesOn =
      span.status === "STOPPING" &&
      last?.status === "RUNNING" &&
      last.attempt === span.attempt &&
      last.to === span.from;
    if (!last || !goesOn) {
      stretches.push(span);
      continue;
    }
    const { to: _, outcome: __, ...begun } = last;
    stretches[stretches.length - 1] = {
      ...begun,
      stoppingFrom: span.from,
      ...(span.to === undefined
        ? { status: span.status, reason: span.reason, why: span.why }
        : { to: span.to }),
      ...(span.outcome === undefined ? {} : { outcome: span.outcome }),
    };
  }
  return stretches;
}

/** Narrower than this, in px, nobody tells one wait from the next. */
const leastPx = 4;

/** The stretches that are drawn: of waits of one kind that are too short to be told apart, each with what was waited for last. `pxOf` is how wide a stretch is. */
export function drawnOf(stretches: readonly Stretch[], pxOf: (stretch: Stretch) => number): Stretch[] {
  const drawn: Stretch[] = [];
  for (const next of stretches) {
    const last = drawn.at(-1);
    const goesOn = last?.to === next.from && last.status === next.status && last.reason === next.reason;
    if (last && goesOn && last.attempt === next.attempt && pxOf(last) < leastPx)
      drawn[drawn.length - 1] = { ...next, from: last.from };
    else drawn.push(next);
  }
  return drawn;
}
