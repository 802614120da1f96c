import type { AuditEntry, AuditFacts } from "../core/audit/entry";
import type { Json } from "../core/json";
import { ok, type Result } from "../core/result";
import { logEnd, recordedBefore, spoiltFrom } from "./log-end";
import type { KeptPart, Ports } from "./ports";
import { acceptance, lockSettled, recordAudit, recordInstead } from "./record";
import { modeOf } from "./refusal";
import { loadPolicy } from "./state";

const lockWaitMs = 5_000;

/** Why the audit log is not the one that was written, and where; undefined if nothing at its end speaks against it. */
export function logStanding(ports: Ports): string | undefined {
  const { spoilt, problem } = logEnd(ports);
  if (problem === undefined || spoilt === 0) return problem;
  const { file, line } = spoiltFrom(ports, spoilt);
  return `${file}, from line ${line} on: ${problem}`;
}

/** The entry that goes on with a log, and what of the log was set aside for it. */
export interface Accepted {
  entry: AuditEntry;
  kept: KeptPart[];
}

/**
 * Records that a person goes on with the log as it stands, with what was known of the one that was lost. Lines at its end
 * that are no entries are kept beside it first, and the entry then takes their place in one step: a crash before that
 * leaves the log as it was, and the same is done anew. The entry is the first of what is vouched for from here on.
 */
export function acceptLog(ports: Ports): Promise<Result<Accepted>> {
  return lockSettled(ports, lockWaitMs, () => {
    const end = logEnd(ports);
    const facts = (kept: KeptPart[]): AuditFacts => ({
      actor: "user",
      surface: "cli",
      action: acceptance,
      target: null,
      payload: {
        problem: end.problem ?? null,
        recorded: recordedBefore(end),
        ...(kept.length > 0 ? { kept: kept as unknown as Json } : {}),
      },
      policy_mode: modeOf(ports, loadPolicy(ports)),
      result: "success",
    });
    if (end.spoilt > 0) {
      const first = spoiltFrom(ports, end.spoilt);
      const kept = ports.audit.keepFrom(first);
      return ok({ entry: recordInstead(ports, first, facts(kept)), kept });
    }
    const entry = recordAudit(ports, facts([]));
    return entry.ok ? ok({ entry: entry.value, kept: [] }) : entry;
  });
}
