import { findAction } from "../core/actions";
import { parseEntry } from "../core/audit/chain";
import type { AuditEntry } from "../core/audit/entry";
import { err, ok, type Result } from "../core/result";
import type { Ports } from "./ports";
import { knownDigest } from "./record";

/** A recorded change of the definition that can be gone back over. */
interface Change {
  entry: AuditEntry;
  before: string;
  after: string;
}

/** Replays the audit log into the two stacks every editor has. */
function stacks(ports: Ports): { done: Change[]; undone: Change[] } {
  const done: Change[] = [];
  let undone: Change[] = [];
  for (const { line } of ports.audit.forwards()) {
    if (!line.includes('"after":"')) continue;
    const entry = parseEntry(line);
    if (entry?.result !== "success" || !entry.before || !entry.after || entry.before === entry.after)
      continue;
    if (entry.action === "sequence.undo") {
      const change = done.pop();
      if (change) undone.push(change);
    } else if (entry.action === "sequence.redo") {
      const change = undone.pop();
      if (change) done.push(change);
    } else {
      done.push({ entry, before: entry.before, after: entry.after });
      undone = [];
    }
  }
  return { done, undone };
}

const outsider = "somebody outside ThreadOS";

/** The last recorded text, where the file is gone or can't even be read: no entry tells of that change. */
function lastGood(ports: Ports): string | undefined {
  if (ports.definition.loadText().ok) return undefined;
  const known = knownDigest(ports);
  const text = known === undefined ? undefined : ports.definition.revision(known);
  return text?.ok && ports.definition.check(text.value).ok ? text.value : undefined;
}

/** A text to go back or forward to, and the change that is undone or done again by it. */
export interface Passed {
  text: string;
  change: string;
}

/** What a recorded change did, in the words in which it was asked for. */
function wordsOf({ action: name, target, payload, actor }: AuditEntry): string {
  if (actor === "system") return "an edit of the file by hand";
  const action = findAction(name);
  const input = (payload as { input?: unknown } | null)?.input;
  const parsed = action?.input.safeParse(input);
  if (action && parsed?.success) return action.summary(parsed.data);
  return target ? `${name} ${target}` : name;
}

/** The text to go back (or forward) to. Another actor's change is not passed without `any`. */
export function findRevision(
  ports: Ports,
  direction: "undo" | "redo",
  actor: string,
  any: boolean,
): Result<Passed> {
  const lost = direction === "undo" ? lastGood(ports) : undefined;
  if (lost !== undefined && any) return ok({ text: lost, change: "what made the file unreadable" });
  if (lost !== undefined)
    return err({
      code: "undo.other_actor",
      direction,
      actor: outsider,
      summary: "it can't be read any more",
    });
  const { done, undone } = stacks(ports);
  const change = (direction === "undo" ? done : undone).at(-1);
  if (!change) return err({ code: "undo.nothing", direction });
  const { entry } = change;
  if (entry.actor !== actor && !any) {
    const summary = entry.target ? `${entry.action} ${entry.target}` : entry.action;
    return err({
      code: "undo.other_actor",
      direction,
      actor: entry.actor === "system" ? outsider : entry.actor,
      summary,
    });
  }
  const text = ports.definition.revision(direction === "undo" ? change.before : change.after);
  return text.ok ? ok({ text: text.value, change: wordsOf(entry) }) : text;
}

/** What a proposal's decision was, if there is one. */
export function proposalDecision(ports: Ports, id: string): "approved" | "rejected" | undefined {
  const entry = decisionEntry(ports, id);
  return entry && (entry.action === "proposal.approve" ? "approved" : "rejected");
}

/** The same, told apart from a rejection that only says that another proposal was applied in its place. */
export function becameOf(ports: Ports, id: string): "approved" | "rejected" | "replaced" | undefined {
  const entry = decisionEntry(ports, id);
  if (entry?.action !== "proposal.reject") return entry && "approved";
  const { reason } = entry.payload as { reason?: unknown };
  return String(reason ?? "").startsWith(appliedAs) ? "replaced" : "rejected";
}

/** How the reason of such a rejection begins. */
export const appliedAs = "applied as ";

function decisionEntry(ports: Ports, id: string) {
  for (const line of ports.audit.backwards()) {
    if (!line.includes(id)) continue;
    const entry = parseEntry(line);
    if (entry?.result === "success" && entry.target === id && entry.action.startsWith("proposal."))
      return entry;
  }
  return undefined;
}
