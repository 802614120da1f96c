import { findAction } from "../core/actions";
import { parseEntry } from "../core/audit/chain";
import type { AuditEntry } from "../core/audit/entry";
import type { Fact } from "../core/engine/fact";
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
function stacks(ports: Ports): { done: Change[]; undone: Change[]; picked: string | undefined } {
  const done: Change[] = [];
  let undone: Change[] = [];
  let picked: string | undefined;
  for (const { line } of ports.audit.forwards()) {
    if (!line.includes('"after":"') && !line.includes('"fusion.picked"')) continue;
    const entry = parseEntry(line);
    if (entry?.result !== "success") continue;
    const candidate = pickedBy(entry);
    if (candidate !== undefined) picked = candidate;
    if (!entry.before || !entry.after || entry.before === entry.after) continue;
    picked = candidate;
    const name = doneBy(entry);
    if (name === "sequence.undo") {
      undone.push(...passed(done, ({ before }) => before === entry.after));
    } else if (name === "sequence.redo") {
      done.push(...passed(undone, ({ after }) => after === entry.after));
    } else {
      done.push({ entry, before: entry.before, after: entry.after });
      undone = [];
    }
  }
  return { done, undone, picked };
}

/** Takes off a stack what one step went over, the next one first: one change, or all up to the text that it led to. */
function passed(stack: Change[], isEnd: (change: Change) => boolean): Change[] {
  return stack.splice(stack.findLastIndex(isEnd)).reverse();
}

/** The candidate whose changes an entry brought into the files, if that is what it did last. */
function pickedBy({ payload }: AuditEntry): string | undefined {
  const { promised } = (payload ?? {}) as { promised?: { facts: Fact[] } };
  const fact = promised?.facts.find(({ type }) => type === "fusion.picked");
  return fact?.type === "fusion.picked" ? fact.candidate : undefined;
}

/** The action that an entry is about: of a proposal that was nothing but one call, that one. */
function doneBy({ action, payload }: AuditEntry): string {
  if (action !== "proposal.approve") return action;
  const { calls = [] } = (payload ?? {}) as { calls?: { action: string }[] };
  return calls.length === 1 && calls[0] ? calls[0].action : action;
}

const outsider = "somebody outside ThreadOS";
const unreadable = "what made the file unreadable";
/** Who made a recorded change. */
export const nameOf = ({ actor }: AuditEntry) => (actor === "system" ? outsider : actor);

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
  digest: string;
  change: string;
  /** Digests of the texts on the way that can't be read. */
  skipped: string[];
}

/** What a recorded change did, in the words in which it was asked for. */
export function wordsOf({ action: name, target, payload, actor }: AuditEntry): string {
  if (actor === "system") return "an edit of the file by hand";
  const { summary } = (payload ?? {}) as { summary?: unknown };
  if (name === "proposal.approve" && typeof summary === "string") return summary;
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
  if (lost !== undefined && any)
    return ok({ text: lost, digest: ports.sha256(lost), change: unreadable, skipped: [] });
  if (lost !== undefined)
    return err({
      code: "undo.other_actor",
      direction,
      actor: outsider,
      summary: "it can't be read any more",
    });
  const { done, undone, picked } = stacks(ports);
  const endOf = ({ before, after }: Change) => (direction === "undo" ? before : after);
  const way = wayOver(ports, direction === "undo" ? done : undone, endOf);
  const [change] = way;
  if (direction === "undo" && picked !== undefined && !any)
    return err({
      code: "undo.pick",
      candidate: picked,
      before: change ? wordsOf(change.entry) : "there is none",
    });
  if (!change) return err({ code: "undo.nothing", direction });
  const others = way.find(({ entry }) => entry.actor !== actor)?.entry;
  if (others && !any) {
    return err({
      code: "undo.other_actor",
      direction,
      actor: nameOf(others),
      summary: wordsOf(others),
    });
  }
  const [digest = "", ...skipped] = way.map(endOf).reverse();
  const text = ports.definition.revision(digest);
  return text.ok ? ok({ text: text.value, digest, change: wordsOf(change.entry), skipped }) : text;
}

/** The changes that one step goes over, the next one first: from a text that can't be read it leads to the nearest that can. */
function wayOver(ports: Ports, stack: readonly Change[], endOf: (change: Change) => string): Change[] {
  const next = stack.slice(-1);
  if (ports.definition.load().ok) return next;
  const way: Change[] = [];
  for (const change of [...stack].reverse()) {
    way.push(change);
    const text = ports.definition.revision(endOf(change));
    if (!text.ok || ports.definition.check(text.value).ok) return way;
  }
  return next;
}

/** A change of the definition in words, and who made it. */
export interface ChangeDoc {
  change: string;
  by: string;
  /** The proposal that it was; of a part of one, or one that was looked at anew on another text, the first. Null of any other change. */
  proposal: string | null;
}

/** What `undo` and `redo` would do now; null where there is nothing to do. */
export interface HistoryDoc {
  undo: ChangeDoc | null;
  redo: ChangeDoc | null;
}

/** The proposal whose approval an entry is, by the id under which it was made first. */
function proposalOf({ action, target, payload }: AuditEntry): string | null {
  if (action !== "proposal.approve") return null;
  const { replaces } = (payload ?? {}) as { replaces?: unknown };
  return typeof replaces === "string" ? replaces : target;
}

/** Says what would be undone and done again, of every recorded change. */
export function historyDoc(ports: Ports): HistoryDoc {
  const { done, undone } = stacks(ports);
  const say = (change: Change | undefined): ChangeDoc | null =>
    change
      ? { change: wordsOf(change.entry), by: nameOf(change.entry), proposal: proposalOf(change.entry) }
      : null;
  const lost = lastGood(ports) !== undefined;
  return {
    undo: lost ? { change: unreadable, by: outsider, proposal: null } : say(done.at(-1)),
    redo: say(undone.at(-1)),
  };
}
