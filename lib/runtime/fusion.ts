import { countOf } from "../core/count";
import type { Fact } from "../core/engine/fact";
import { isActive, stepRun } from "../core/engine/run";
import { stepStatus } from "../core/engine/status";
import { stepIn } from "../core/engine/step";
import { explain } from "../core/engine/why";
import { err, ok, type Result } from "../core/result";
import { unknownStep } from "../core/sequence/ids";
import type { Step } from "../core/sequence/schema";
import { fusionsOf, picksIn } from "../core/views/fusion";
import type { Ports } from "./ports";
import { openRun } from "./state";
import type { Outcome, Part } from "./work-out";
import { unknownFusion, type WorktreeState, worktreeStates } from "./worktrees";

/** What a question is about besides the call: its digest makes a yes stale once it has changed. */
export interface Subject {
  digest: string;
  shows: string[];
}

/** Readies a candidate's changes beside the workspace's files; all the candidates' worktrees go afterwards. */
export function pick(ports: Ports, outcome: Outcome, part: Part, id: string, by: string): Result<null> {
  const { plan, run, journal } = part.state;
  if (!stepIn(plan, id)) return unknownStep(plan.sequence, id);
  const fusions = fusionsOf(plan).filter((step) => step.fusion_candidates?.includes(id));
  if (fusions.length === 0) return unknownFusion(plan, id);
  const { phase, attempt, worktree } = stepRun(run, id);
  if (phase !== "done" || !journal || outcome.run.opens) {
    const said = explain(stepStatus(run, plan, id, true));
    return err({ code: "fusion.no_patch", id, problem: said.replace(`'${id}' `, "it ").replace(/\.$/, "") });
  }
  if (worktree?.patch === undefined)
    return err({ code: "fusion.no_patch", id, problem: "it ran without a worktree of its own" });
  if (outcome.patch !== undefined)
    return err({ code: "input.invalid", problem: "two candidates can't be picked at once" });
  const staged = ports.worktrees.stage({ run: run.id, step: id, attempt }, worktree.patch);
  if (!staged.ok) return pickedBefore(ports, part.state, fusions) ?? staged;
  const { digest, files } = staged.value;
  outcome.patch = digest;
  part.changed = files.length > 0;
  const made = files.length > 0 ? `changed: ${files.join(", ")}` : "there was nothing to bring over";
  const { test } = worktree;
  const failed = test && test.code !== 0 ? [`the test of '${id}' failed (exit ${test.code})`] : [];
  part.note = [...failed, made].join("; ");
  part.subject = {
    digest,
    shows: [...failed, `${id}: patch ${digest.slice(0, 16)}`, ...files.map((file) => `${id}: ${file}`)],
  };
  outcome.facts.push(
    ...fusions.map(
      (synth): Fact => ({ type: "fusion.picked", synth: synth.id, candidate: id, patch: digest, by }),
    ),
  );
  const candidates = new Set(fusions.flatMap((step) => step.fusion_candidates ?? []));
  const isOver = (step: string) => candidates.has(step) && !isActive(stepRun(run, step));
  outcome.unneeded.push(...ports.worktrees.list().filter((tree) => tree.run === run.id && isOver(tree.step)));
  return ok(null);
}

/** The refusal that says whose changes stand in the files already, if a candidate of those fusions was picked in this run. */
function pickedBefore(
  ports: Ports,
  { run }: Part["state"],
  fusions: readonly Step[],
): Result<never> | undefined {
  const opened = openRun(ports, run.id);
  if (!opened.ok) return undefined;
  opened.value.journal.close();
  const picks = picksIn(opened.value.facts);
  for (const { id } of fusions) {
    const picked = picks.get(id);
    const { attempt, worktree } = stepRun(run, picked ?? "");
    if (picked === undefined || worktree?.patch === undefined) continue;
    const stands = ports.worktrees.look({ run: run.id, step: picked, attempt }, worktree.patch);
    if (stands.ok || stands.failure.code !== "fusion.conflict" || stands.failure.files.length === 0) continue;
    const { files, made = [] } = stands.failure;
    return err({ code: "fusion.picked", id, picked, files, made });
  }
  return undefined;
}

/** Marks worktrees that nothing needs for removal; never that of a living attempt. */
export function collect(ports: Ports, outcome: Outcome, part: Part, all: boolean): Result<null> {
  const states = worktreeStates(ports, part.state);
  const going = states.filter((tree) => tree.state === "unneeded" || (all && tree.state === "kept"));
  outcome.unneeded.push(...going);
  part.changed = going.length > 0;
  const staying = states.filter((tree) => !going.includes(tree));
  const count =
    states.length === 0
      ? "there are no worktrees"
      : `${going.length} of ${countOf(states.length, "worktree")}`;
  part.note = [count, ...stayLines(staying)].join("; ");
  part.subject = {
    digest: ports.sha256(going.map((tree) => tree.path).join("\n")),
    shows: going.map((tree) => `${tree.step}: ${tree.path}`),
  };
  return ok(null);
}

/** Which worktrees stay, by what speaks for them, and what would remove them too. */
function stayLines(staying: readonly WorktreeState[]): string[] {
  const steps = new Map<string, string[]>();
  for (const { why, step } of staying) steps.set(why, [...(steps.get(why) ?? []), step]);
  const lines = [...steps].map(
    ([why, ids]) =>
      `${ids.slice(0, 5).join(", ")}${ids.length > 5 ? " and more" : ""} stay${ids.length > 1 ? "" : "s"}: ${why}`,
  );
  const isKept = staying.some(({ state }) => state === "kept");
  return [...lines, ...(isKept ? ["`--all` removes what is kept, too"] : [])];
}
