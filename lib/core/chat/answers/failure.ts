import type { Failure } from "../../failure";
import { renderFailure } from "../../failure-table";
import type { World } from "../reading";
import { sayable } from "../suggest";
import { list, words } from "./markdown";

/** What there is nothing of yet is an answer to a question, and no refusal of it. */
export function sayNone(failure: Failure, world: World): string | undefined {
  switch (failure.code) {
    case "run.none":
      return 'There has been no run yet. Say "run" to start one.';
    case "diff.nothing":
      return "Nothing has been changed yet since the sequence was made.";
    case "step.never_ran":
      return `\`step ${failure.id}\` has not run yet.\nTry:\n${list(sayable([`why is ${failure.id} waiting`, `run ${failure.id}`], world))}`;
    default:
      return undefined;
  }
}

/** Why something does not work, and what can be said instead, as things stand. */
export function sayFailure(failure: Failure, world: World): string {
  const { message, body } = renderFailure(failure);
  const hint = (body.error as { hint?: string }).hint;
  const tries = sayable(instead(failure), world);
  return `That does not work: ${words(message)}.${hint === undefined ? "" : ` ${words(hint)}.`}\nTry:\n${list(tries)}`;
}

function instead(failure: Failure): string[] {
  switch (failure.code) {
    case "step.unknown":
    case "dep.unknown":
    case "gate.unknown":
      return [
        ...(failure.nearest ? [`show ${failure.nearest}`] : []),
        "what steps are there",
        "what gates are there",
      ];
    case "group.unknown":
      return ["what groups are there"];
    case "template.unknown":
      return ["what templates are there"];
    case "dep.cycle":
      return failure.path.slice(0, 2).map((id) => `what does ${id} depend on`);
    case "dep.exists":
    case "dep.missing":
      return [`what does ${failure.step} depend on`];
    case "node.in_use":
      return [`what depends on ${failure.id}`, `remove ${failure.id} and ${failure.by[0]}`];
    case "step.blocked":
    case "step.running":
    case "step.not_running":
      return [`why is ${failure.id} waiting`, "status"];
    case "step.no_command":
      return [`set the command of ${failure.id} to "…"`, `use claude for ${failure.id}`];
    case "artifact.unknown":
      return [`which files did ${failure.step} leave`];
    case "gate.not_ready":
    case "gate.already":
      return [`why is ${failure.id} waiting`, "what waits for me"];
    case "fusion.unknown":
    case "fusion.no_patch":
    case "fusion.conflict":
    case "fusion.picked":
      return ["what steps are there", "three candidates for <step>, then fuse"];
    case "undo.nothing":
    case "undo.other_actor":
    case "undo.pick":
      return ["what changed", "show the audit log"];
    case "policy.denied":
      return ["show the policy"];
    case "audit.corrupt":
    case "journal.corrupt":
    case "journal.changed":
      return ["is the workflow valid", "seqctl audit verify"];
    default:
      return ["status", "help"];
  }
}
