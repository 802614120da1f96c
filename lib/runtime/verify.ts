import type { FailureOf } from "../core/failure";
import { builtIn } from "../core/policy/policy";
import { err, ok, type Result } from "../core/result";
import { logEnd, refuseSpoilt } from "./log-end";
import { keptCheckpoints, passOver, type Seal } from "./log-pass";
import { noteSeen } from "./log-seen";
import type { Ports } from "./ports";
import { lockSettled, repairAudit } from "./record";

const lockWaitMs = 5_000;

/**
 * Verifies the whole chain on its bytes, then what was kept of it outside of the repository, then the journals that it
 * sealed. A torn last line is repaired first, and the repair said.
 */
export async function verifyAudit(ports: Ports): Promise<Result<{ entries: number }>> {
  const { torn } = ports.audit.tail();
  if (torn > 0) {
    const repaired = await lockSettled(ports, lockWaitMs, () => repairAudit(ports, builtIn.mode));
    if (!repaired.ok) return repaired;
  }
  const stat = ports.audit.stat();
  const kept = keptCheckpoints(ports);
  const passing = passOver(ports, kept);
  let next = passing.next();
  while (!next.done) {
    await new Promise<void>((resume) => setImmediate(resume));
    next = passing.next();
  }
  const passed = next.value;
  noteSeen(ports, stat, passed);
  if ("fault" in passed) return atSpoilt(ports, passed.fault.failure);
  const { chain, segments, seals, accepted } = passed.pass;
  const journals = checkJournals(ports, seals);
  if (!journals.ok) return journals;
  const { last, earlier } = kept;
  return ok({
    ok: true,
    entries: chain.entries,
    head: chain.head,
    segments,
    repaired_bytes: torn,
    checkpoint: last ? { seq: last.seq, ts: last.ts } : null,
    earlier_log: earlier ? { entries: earlier.seq, ts: earlier.ts } : null,
    accepted,
    journals: journals.value,
  });
}

/** Where lines at the very end are no entries, the remedy is another one than for a line amid the others. */
function atSpoilt(ports: Ports, failure: FailureOf<"audit.corrupt">): Result<never> {
  const { spoilt } = logEnd(ports);
  if (spoilt === 0) return err(failure);
  const end = refuseSpoilt(ports, spoilt);
  return err(end.file === failure.file && end.line === failure.line ? end : failure);
}

/** A journal may have grown since it was sealed; what was sealed must still be its beginning. */
function checkJournals(
  ports: Ports,
  seals: Map<string, Seal>,
): Result<{ sealed: number; missing: string[] }> {
  const missing: string[] = [];
  for (const [run, { events, sha256 }] of seals) {
    const holds = ports.runs.beginsWith(run, events, sha256);
    if (holds === undefined) missing.push(run);
    if (holds === false) return err({ code: "journal.changed", run, facts: events });
  }
  return ok({ sealed: seals.size, missing });
}
