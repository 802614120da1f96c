import { parseEntry } from "../core/audit/chain";
import type { AuditEntry } from "../core/audit/entry";
import type { Json } from "../core/json";
import { diffSequences } from "../core/sequence/diff";
import { shownDiff } from "../core/sequence/shown-source";
import type { ChatPorts, ChatRecord } from "./chat-ports";
import { decisionsOf } from "./decisions";
import type { Ports } from "./ports";
import { shownUnified } from "./shown-change";

/**
 * The records of a conversation, each proposal with what became of it (`decision`); where a part of it was applied, or all of
 * it on another text than it was made on, with that too (`applied`).
 */
export async function withFates(
  ports: Ports,
  own: Pick<ChatPorts, "unified">,
  records: readonly ChatRecord[],
): Promise<ChatRecord[]> {
  const ids = records.flatMap((record) => proposalIn(record) ?? []);
  const decisions = decisionsOf(ports, ids);
  const applied = new Set(ids.filter((id) => ["approved", "replaced"].includes(decisions.get(id) ?? "")));
  const yes = approvalsOf(ports, applied);
  const told = records.map(async (record) => {
    const id = proposalIn(record);
    if (id === undefined) return record;
    const became = decisions.get(id);
    const decision = became === "made by hand" ? "made" : (became ?? null);
    const entry = yes.get(id);
    const shown = entry === undefined ? undefined : await appliedBy(ports, own, id, entry);
    return {
      ...record,
      data: { ...record.data, decision, ...(shown === undefined ? {} : { applied: shown }) },
    };
  });
  return Promise.all(told);
}

const proposalIn = ({ type, data }: ChatRecord): string | undefined =>
  type === "actions" && typeof data.proposal === "string" ? data.proposal : undefined;

/** The entries by which proposals were applied, or those that were made of them; one pass over the log. */
function approvalsOf(ports: Ports, ids: ReadonlySet<string>): Map<string, AuditEntry> {
  const found = new Map<string, AuditEntry>();
  for (const line of ids.size === 0 ? [] : ports.audit.backwards()) {
    if (found.size === ids.size) break;
    if (!line.includes('"action":"proposal.approve"')) continue;
    const entry = parseEntry(line);
    if (entry?.action !== "proposal.approve" || entry.result !== "success") continue;
    const { replaces } = (entry.payload ?? {}) as { replaces?: unknown };
    for (const id of [entry.target, replaces])
      if (typeof id === "string" && ids.has(id) && !found.has(id)) found.set(id, entry);
  }
  return found;
}

/** What was applied in place of a proposal as it was made; undefined where it was applied as such. */
async function appliedBy(
  ports: Ports,
  own: Pick<ChatPorts, "unified">,
  id: string,
  { target, before, after }: AuditEntry,
): Promise<Json | undefined> {
  const made = ports.proposals.read(id);
  const taken = ports.proposals.read(target ?? "");
  if (!made.ok || !taken.ok || before === undefined || after === undefined) return undefined;
  if (target === id && before === made.value.base) return undefined;
  const texts = [ports.definition.revision(before), ports.definition.revision(after)] as const;
  if (!texts[0].ok || !texts[1].ok) return undefined;
  const sequences = [ports.definition.check(texts[0].value), ports.definition.check(texts[1].value)] as const;
  if (!sequences[0].ok || !sequences[1].ok) return undefined;
  const known = ports.knownSecrets();
  const shown = {
    unified: await shownUnified(own, texts[0].value, texts[1].value, known),
    changes: shownDiff(diffSequences(sequences[0].value, sequences[1].value), known),
    actions: numbersIn(made.value.calls, taken.value.calls),
  };
  return JSON.parse(JSON.stringify(shown)) as Json;
}

/** Which calls of a list stand in another one, in order; as numbers from 0. */
function numbersIn(calls: readonly unknown[], taken: readonly unknown[]): number[] {
  const left = taken.map((call) => JSON.stringify(call));
  return calls.flatMap((call, index) => {
    const at = left.indexOf(JSON.stringify(call));
    if (at < 0) return [];
    left.splice(at, 1);
    return [index];
  });
}
