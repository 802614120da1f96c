import type { AuditFacts } from "../core/audit/entry";
import type { Fact } from "../core/engine/fact";
import { isActive, stepRun } from "../core/engine/run";
import { stepStatus } from "../core/engine/status";
import { stepIn } from "../core/engine/step";
import { explain } from "../core/engine/why";
import type { Json } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { unknownStep } from "../core/sequence/ids";
import { fusionsOf } from "../core/views/fusion";
import { type Done, type Passage, plainSummary } from "./passage";
import { promise, recordAudit } from "./record";
import { appendFacts, type State } from "./state";
import { worktreeStates } from "./worktrees";

/** What a question is about besides the call: its digest makes a yes stale once it has changed. */
export interface Subject {
  digest: string;
  shows: string[];
}

/** The parts of the door that every change goes through. */
export interface Door {
  pass(passage: Passage, state: State, starts: string[], summary: string, subject?: Subject): Result<null>;
  entryFor(passage: Passage, state: State, payload: Json): AuditFacts;
}

/** Brings a candidate's changes into the workspace's files, all or none of them, and removes the candidates' worktrees. */
export function commitPick(passage: Passage, state: State, id: string, door: Door): Result<Done> {
  const { ports, action, input, caller, options } = passage;
  const { plan, run, journal } = state;
  if (!stepIn(plan, id)) return unknownStep(plan.sequence, id);
  const fusions = fusionsOf(plan).filter((step) => step.fusion_candidates?.includes(id));
  if (fusions.length === 0) return err({ code: "fusion.unknown", id });
  const { phase, attempt, worktree } = stepRun(run, id);
  if (phase !== "done" || !journal) {
    const said = explain(stepStatus(run, plan, id, true));
    return err({ code: "fusion.no_patch", id, problem: said.replace(`'${id}' `, "it ").replace(/\.$/, "") });
  }
  if (worktree?.patch === undefined)
    return err({ code: "fusion.no_patch", id, problem: "it ran without a worktree of its own" });
  const staged = ports.worktrees.stage({ run: run.id, step: id, attempt }, worktree.patch);
  if (!staged.ok) return staged;
  const { digest, files } = staged.value;
  const summary = action.summary(input as never);
  const shows = [`${id}: patch ${digest.slice(0, 16)}`, ...files.map((file) => `${id}: ${file}`)];
  const passed = door.pass(passage, state, [], summary, { digest, shows });
  const done: Done = {
    action: action.name,
    summary,
    changed: files.length > 0,
    run: run.id,
    warnings: state.policy.warnings,
    note: files.length > 0 ? `changed: ${files.join(", ")}` : "there was nothing to bring over",
  };
  if (!passed.ok || options.dryRun) {
    ports.worktrees.discard();
    return passed.ok ? ok(done) : passed;
  }
  const by = caller.actor;
  const facts = fusions.map(
    (synth): Fact => ({ type: "fusion.picked", synth: synth.id, candidate: id, patch: digest, by }),
  );
  const payload = promise(plainSummary(input) as Json, run.id, run.seq + facts.length, facts);
  const entry = recordAudit(ports, door.entryFor(passage, state, payload));
  if (!entry.ok) return entry;
  ports.worktrees.publish(digest);
  appendFacts(ports, journal, run, facts, true);
  const candidates = new Set(fusions.flatMap((step) => step.fusion_candidates ?? []));
  for (const tree of ports.worktrees.list())
    if (tree.run === run.id && candidates.has(tree.step) && !isActive(stepRun(run, tree.step)))
      ports.worktrees.remove(tree);
  return ok({ ...done, audit: entry.value.seq });
}

/** Removes worktrees that nothing needs; never that of a living attempt. */
export function commitCollection(passage: Passage, state: State, all: boolean, door: Door): Result<Done> {
  const { ports, action, input, options } = passage;
  const states = worktreeStates(ports, state);
  const going = states.filter((tree) => tree.state === "unneeded" || (all && tree.state === "kept"));
  const summary = action.summary(input as never);
  const passed = door.pass(passage, state, [], summary, {
    digest: going.map((tree) => tree.path).join("\n"),
    shows: going.map((tree) => `${tree.step}: ${tree.path}`),
  });
  if (!passed.ok) return passed;
  const note = `${going.length} of ${states.length} worktrees`;
  const done: Done = {
    action: action.name,
    summary,
    changed: going.length > 0,
    note: options.dryRun ? note : `removed ${note}`,
    warnings: state.policy.warnings,
  };
  if (options.dryRun) return ok(done);
  const removed = going.map(({ run, step, attempt }) => `${run}/${step}/${attempt}`);
  const payload = { input: plainSummary(input) as Json, removed };
  const entry = recordAudit(ports, door.entryFor(passage, state, payload));
  if (!entry.ok) return entry;
  for (const tree of going) ports.worktrees.remove(tree);
  return ok({ ...done, audit: entry.value.seq });
}
