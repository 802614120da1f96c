import type { Fact } from "../core/engine/fact";
import type { Run } from "../core/engine/run";
import { ok, type Result } from "../core/result";
import type { Ports } from "./ports";
import { promise, recordAudit, systemFact } from "./record";

/** What a clock says. */
export interface Clock {
  /** The time, in ms since the epoch. */
  now(): number;
  /** How far `now` is ahead of a clock that nobody can set, in ms; only changes of it mean something. */
  clockAhead(): number;
}

/** A clock that is off by less is left alone (ms). */
const leastMs = 1000;

/** Notices that the wall clock was set, by comparing it with one that can't be. */
export class ClockWatch {
  private readonly of: Clock;
  private ahead: number;

  constructor(of: Clock) {
    this.of = of;
    this.ahead = of.clockAhead();
  }

  /** By how much the clock was set since this was asked last (ms, negative if back); 0 if it was not. */
  jumpMs(): number {
    const ahead = this.of.clockAhead();
    const byMs = Math.round(ahead - this.ahead);
    if (Math.abs(byMs) < leastMs) return 0;
    this.ahead = ahead;
    return byMs;
  }
}

/**
 * Records that the clock was set, so that nothing under way is ended for it; the facts to fold in. `printed` is what steps
 * were seen to print until then: it counts by the clock of then.
 */
export function recordJump(
  ports: Ports,
  run: Run,
  mode: string,
  byMs: number,
  printed: readonly Fact[],
): Result<Fact[]> {
  const until = ports.now() - byMs;
  const before = printed.map((fact) =>
    fact.type === "attempt.printed" ? { ...fact, at: Math.min(fact.at, until) } : fact,
  );
  const facts: Fact[] = [...before, { type: "clock.jumped", by: byMs }];
  const payload = { by_ms: byMs, ...promise(run.id, run.seq + facts.length, facts) };
  const entry = recordAudit(ports, systemFact("clock.jumped", run.id, payload, mode));
  return entry.ok ? ok(facts) : entry;
}
