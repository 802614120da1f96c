import type { FailureOf } from "../core/failure";
import { type LogEnd, logEnd } from "./log-end";
import { type Fault, keptCheckpoints, type Pass, passAtOnce } from "./log-pass";
import type { LogStat, Ports } from "./ports";

/** What is known of the log between its first entry and its last: that it holds, its fault, or nothing. */
export type Inside =
  | { holds: true }
  | { holds: false; fault: FailureOf<"audit.corrupt"> }
  | { holds: undefined; stat: LogStat };

/**
 * What is known of the inside of the log by what its files look like from outside: nothing, where they were changed by
 * somebody else than ThreadOS and nobody has looked since. Of the log itself nothing is read.
 */
export function knownInside({ audit }: Ports, { checkpoint }: Pick<LogEnd, "checkpoint">): Inside {
  const stat = audit.stat();
  if (stat === undefined) return { holds: true };
  const seen = audit.seen(stat.print);
  if (seen?.fault) return { holds: false, fault: seen.fault };
  return seen || checkpoint?.stat === stat.print ? { holds: true } : { holds: undefined, stat };
}

/** What a log looked like when this process saw last that its newest entry has no checkpoint yet. */
const awaited = new WeakMap<Ports["audit"], string>();

/**
 * Whether what a log looks like may be another process's doing that adds an entry: its checkpoint, which says what the
 * files look like, comes last. Where it looks the same at a later question, nobody was about to add one.
 */
export function mayBeAdding(ports: Ports, { print }: LogStat): boolean {
  const end = logEnd(ports);
  const { last, checkpoint } = end;
  if (!last || !checkpoint || checkpoint.seq >= last.seq) return knownInside(ports, end).holds === true;
  const before = awaited.get(ports.audit);
  awaited.set(ports.audit, print);
  return before !== print;
}

/** The fault inside of the log, if there is one: where nothing is known it is read once, and that noted. */
export function faultInside(ports: Ports, end: LogEnd): FailureOf<"audit.corrupt"> | undefined {
  const inside = knownInside(ports, end);
  if (inside.holds === true) return undefined;
  if (inside.holds === false) return inside.fault;
  const passed = passAtOnce(ports, keptCheckpoints(ports));
  noteSeen(ports, inside.stat, passed);
  return "fault" in passed ? passed.fault.failure : undefined;
}

/** Notes what a pass has found; `stat` was taken before it. What is wrong at the end each call sees anew, and it may be mended elsewhere. */
export function noteSeen(
  ports: Ports,
  stat: LogStat | undefined,
  passed: { pass: Pass } | { fault: Fault },
): void {
  if (stat === undefined) return;
  if ("pass" in passed) ports.audit.noteSeen({ stat: stat.print });
  else if (logEnd(ports).problem === undefined)
    ports.audit.noteSeen({ stat: stat.print, fault: passed.fault.failure });
}
