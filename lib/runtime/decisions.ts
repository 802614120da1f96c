import { parseEntry } from "../core/audit/chain";
import type { AuditEntry } from "../core/audit/entry";
import { recordedCall } from "./passage";
import type { Ports, Proposal } from "./ports";

/** What became of a proposal: a person's decision, that another one was applied in its place, or that all of it was made by hand. */
export type Decision = "approved" | "rejected" | "replaced" | "made by hand";

/** The same for one proposal; undefined while it waits. */
export function proposalDecision(ports: Ports, id: string): Decision | undefined {
  return decisionsOf(ports, [id]).get(id);
}

/**
 * What became of proposals; those that wait are left out. A person decided on them, or made all of their calls themselves
 * since; one that was made of another is settled with that one. However many are asked about, it is one pass over the log.
 */
export function decisionsOf(ports: Ports, ids: readonly string[]): Map<string, Decision> {
  const origins = new Map<string, string | undefined>();
  const made = new Map<string, MadeByHand>();
  // Those that others were made of are looked for as well; the set grows while it is gone through.
  const wanted = new Set(ids);
  for (const id of wanted) {
    const proposal = ports.proposals.read(id);
    if (!proposal.ok) continue;
    const { replaces } = proposal.value;
    made.set(id, new MadeByHand(ports, proposal.value));
    origins.set(id, replaces);
    if (replaces !== undefined) wanted.add(replaces);
  }
  const decided = new Map<string, Decision>();
  for (const line of ports.audit.backwards()) {
    if (decided.size === wanted.size) break;
    const action = actionOf(line);
    if (action?.startsWith("proposal.")) noteDecision(line, wanted, decided);
    else if (action !== undefined) noteMade(line, action, made, decided);
  }
  const found = new Map<string, Decision>();
  for (const id of ids) {
    const line = new Set([id]);
    for (const at of line) {
      const decision = decided.get(at) ?? (made.get(at)?.isWhole ? "made by hand" : undefined);
      const origin = origins.get(at);
      if (decision) found.set(id, decision);
      else if (origin !== undefined) line.add(origin);
    }
  }
  return found;
}

/** What became of a proposal, in the words of a conversation. */
export function becameOf(
  ports: Ports,
  id: string,
): "approved" | "rejected" | "replaced" | "made" | undefined {
  const decision = proposalDecision(ports, id);
  return decision === "made by hand" ? "made" : decision;
}

/** It stands near the beginning of a line: most need not be read to the end. */
const actionOf = (line: string) => /"action":"([^"]*)"/.exec(line)?.[1];

function noteDecision(line: string, wanted: ReadonlySet<string>, decided: Map<string, Decision>): void {
  const entry = parseEntry(line);
  if (entry?.result !== "success") return;
  const { action, target, payload } = entry;
  const note = (id: unknown, decision: Decision) => {
    if (typeof id === "string" && wanted.has(id) && !decided.has(id)) decided.set(id, decision);
  };
  note(target, action === "proposal.approve" ? "approved" : "rejected");
  // One that was made of it was applied in its place.
  if (action === "proposal.approve") note((payload as { replaces?: unknown } | null)?.replaces, "replaced");
}

function noteMade(
  line: string,
  action: string,
  made: ReadonlyMap<string, MadeByHand>,
  decided: ReadonlyMap<string, Decision>,
): void {
  let entry: AuditEntry | undefined;
  for (const [id, calls] of made) {
    if (decided.has(id) || !calls.waitsFor(action)) continue;
    entry ??= parseEntry(line);
    if (entry?.result !== "success" || entry.actor !== "user") return;
    calls.note(entry);
  }
}

/** Which of a proposal's calls a person made after it was left. */
class MadeByHand {
  private readonly since: string;
  private readonly left: Map<string, Set<string>> = new Map();

  constructor({ sha256 }: Ports, { ts, calls }: Proposal) {
    this.since = ts;
    for (const call of calls) {
      const inputs = this.left.get(call.action) ?? new Set();
      this.left.set(call.action, inputs.add(JSON.stringify(recordedCall(call, sha256).input)));
    }
  }

  get isWhole(): boolean {
    return this.left.size === 0;
  }

  waitsFor(action: string): boolean {
    return this.left.has(action);
  }

  note({ action, ts, payload }: AuditEntry): void {
    if (ts < this.since) return;
    const inputs = this.left.get(action);
    inputs?.delete(JSON.stringify((payload as { input?: unknown } | null)?.input));
    if (inputs?.size === 0) this.left.delete(action);
  }
}
