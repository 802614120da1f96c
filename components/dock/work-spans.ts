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
