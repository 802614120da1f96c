import type { Plan } from "../core/engine/plan";
import { emptyRun, isActive, type Run, stepRun } from "../core/engine/run";
import { err, ok, type Result } from "../core/result";
import { type FusionDoc, fusionDoc, fusionsOf, picksIn } from "../core/views/fusion";
import type { Ports } from "./ports";
import { openRun, type State } from "./state";
import type { WorktreeEntry } from "./worktree-ports";

/** A worktree with what still speaks for it: a living attempt, a fusion or a session that may go on, or nothing. */
export interface WorktreeState extends WorktreeEntry {
  state: "living" | "kept" | "unneeded";
  /** What still speaks for it, in words; empty if nothing does. */
  why: string;
}

/** The worktrees on disk, and how they stand. */
export function worktreeStates(ports: Ports, state: State): WorktreeState[] {
  const entries = ports.worktrees.list();
  const runs = new Map<string, Run | undefined>();
  const waiting = new Set(entries.length > 0 ? candidatesInDoubt(ports, state) : []);
  return entries.map((entry) => {
    if (!runs.has(entry.run)) runs.set(entry.run, foldRun(ports, entry.run));
    const run = runs.get(entry.run);
    const unneeded = { ...entry, state: "unneeded", why: "" } as const;
    if (!run) return unneeded;
    const step = stepRun(run, entry.step);
    const isNewest = entry.run === state.run.id;
    // A step that waits goes on with its session, and that lives in its worktree.
    if (isActive(step)) return { ...entry, state: "living", why: "its step is under way" };
    if (!isNewest) return unneeded;
    if (step.phase === "waiting") return { ...entry, state: "living", why: "its step is to be tried again" };
    if (waiting.has(entry.step))
      return { ...entry, state: "kept", why: "no candidate of its fusion has been picked" };
    if (step.session === undefined) return unneeded;
    return { ...entry, state: "kept", why: "its agent's session can still be gone on with" };
  });
}

function foldRun(ports: Ports, id: string): Run | undefined {
  const opened = openRun(ports, id);
  if (!opened.ok) return undefined;
  opened.value.journal.close();
  return opened.value.run;
}

/** Candidates of fusions in the newest run of which nobody has picked one. */
function candidatesInDoubt(ports: Ports, { plan, run }: State): string[] {
  const opened = run.id === "" ? undefined : openRun(ports, run.id);
  if (!opened?.ok) return [];
  opened.value.journal.close();
  const picks = picksIn(opened.value.facts);
  return fusionsOf(plan).flatMap((step) => (picks.has(step.id) ? [] : (step.fusion_candidates ?? [])));
}

/** The worktrees with their sizes, as every surface shows them. */
export function listWorktrees(ports: Ports, state: State): { worktrees: unknown[] } {
  return {
    worktrees: worktreeStates(ports, state).map((tree) => ({ ...tree, bytes: ports.worktrees.bytes(tree) })),
  };
}

/** The candidates of a fusion side by side, in the newest run or a named one. */
export function compareFusion(
  ports: Ports,
  { plan }: State,
  input: { synth: string; run?: string },
): Result<FusionDoc> {
  const synth = fusionsOf(plan).find(
    (step) => step.id === input.synth || step.fusion_candidates?.includes(input.synth),
  );
  if (!synth) return unknownFusion(plan, input.synth);
  const id = input.run ?? ports.runs.newest();
  if (id === undefined) return ok(fusionDoc(plan, emptyRun(""), { synth, facts: [], engineAlive: false }));
  const opened = openRun(ports, id);
  if (!opened.ok) return opened;
  const { journal, facts, run } = opened.value;
  journal.close();
  return ok(fusionDoc(plan, run, { synth, facts, engineAlive: ports.engine.isAlive() }));
}

/** The refusal for what is neither a candidate nor joins any, with what joins candidates here. */
export function unknownFusion(plan: Plan, id: string): Result<never> {
  return err({ code: "fusion.unknown", id, known: fusionsOf(plan).map((step) => step.id) });
}
