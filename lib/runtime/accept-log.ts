import type { AuditEntry } from "../core/audit/entry";
import { err, ok, type Result } from "../core/result";
import { logEnd, recordedBefore, refuseBroken } from "./log-end";
import type { Ports } from "./ports";
import { acceptance, lockSettled, recordAudit } from "./record";
import { modeOf } from "./refusal";
import { loadPolicy } from "./state";

const lockWaitMs = 5_000;

/** Why the audit log is not the one that was written; undefined if nothing at its end speaks against it. What can't be gone on with is refused. */
export function logStanding(ports: Ports): Result<string | undefined> {
  const { isBroken, problem } = logEnd(ports);
  return isBroken ? err(refuseBroken(ports)) : ok(problem);
}

/**
 * Records that a person goes on with the log as it stands, with what was known of the one that was lost. The entry is the
 * first of what is vouched for from here on; a crash before it leaves all as it was.
 */
export function acceptLog(ports: Ports): Promise<Result<AuditEntry>> {
  return lockSettled(ports, lockWaitMs, () => {
    const end = logEnd(ports);
    return recordAudit(ports, {
      actor: "user",
      surface: "cli",
      action: acceptance,
      target: null,
      payload: { problem: end.problem ?? null, recorded: recordedBefore(end) },
      policy_mode: modeOf(ports, loadPolicy(ports)),
      result: "success",
    });
  });
}
