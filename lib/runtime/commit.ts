import type { AuditEntry, AuditFacts } from "../core/audit/entry";
import { emptyRun } from "../core/engine/run";
import type { Json } from "../core/json";
import { err, ok, type Result } from "../core/result";
import type { Passage } from "./passage";
import type { Ports } from "./ports";
import { type FileNote, promise, recordAudit, stuckFailure, tornFailure } from "./record";
import { appendFacts } from "./state";
import type { Outcome } from "./work-out";

/** What of an entry the commit itself does not know. */
export type EntryHead = Pick<AuditFacts, "actor" | "surface" | "action" | "target">;

/**
 * Records all that calls come to as one entry, then does it: the definition, the other files, the run. A crash before the
 * entry leaves nothing; after it the next change finishes what the entry says.
 */
export function commit(
  ports: Ports,
  outcome: Outcome,
  head: EntryHead,
  payload: { [key: string]: Json },
): Result<AuditEntry> {
  const { before, after, files, facts, run, patch, unneeded } = outcome;
  const rewrites = outcome.parts.some(({ action }) =>
    ["edit", "text", "history"].includes(action.effect.kind),
  );
  const revision = rewrites ? ports.definition.prepare(after.definition.text) : undefined;
  const notes = files.map(({ path, text }): FileNote => {
    const was = ports.successors.present(path) ?? null;
    return { path, before: was, after: ports.successors.prepare(path, text) };
  });
  const entry = recordAudit(ports, {
    ...head,
    payload: {
      ...payload,
      ...(facts.length > 0 ? promise(run.id, run.seq + facts.length, facts) : {}),
      ...(notes.length > 0 ? { files: notes as unknown as Json } : {}),
      ...(unneeded.length > 0
        ? { worktrees_removed: unneeded.map((tree) => `${tree.run}/${tree.step}/${tree.attempt}`) }
        : {}),
    },
    policy_mode: before.policy.mode,
    result: "success",
    ...(revision === undefined ? {} : { before: before.definition.digest, after: revision }),
  });
  if (!entry.ok) return entry;
  if (revision !== undefined) ports.definition.publish(revision);
  const torn = notes.filter((note) => !ports.successors.publish(note.after, note.path));
  const stuck = patch === undefined ? [] : ports.worktrees.publish(patch);
  if (facts.length > 0) {
    const journal = run.opens ? ports.runs.create(run.id) : before.journal;
    if (!journal) return err({ code: "internal", problem: "a run without a journal" });
    // What was read may be a run that was given up, while these facts open another.
    appendFacts(ports, journal, run.opens ? emptyRun(run.id) : before.run, facts, true);
    if (journal !== before.journal) journal.close();
  }
  for (const tree of unneeded) ports.worktrees.remove(tree);
  if (torn[0]) return err(tornFailure(torn[0]));
  return stuck.length > 0 ? err(stuckFailure(stuck)) : ok(entry.value);
}

/** The run that was spoken to. */
export function runOf({ parts, run }: Outcome): { run?: string } {
  const speaks = parts.some(({ action }) => ["engine", "pick"].includes(action.effect.kind));
  return speaks && run.id !== "" ? { run: run.id } : {};
}

/** Who did what to what, for the record. */
export function headOf({ action, caller, input }: Passage): EntryHead {
  const target = action.target?.(input as never) ?? "";
  const { actor, surface } = caller;
  return { actor, surface, action: action.name, target: target === "" ? null : target };
}
