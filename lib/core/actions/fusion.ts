import { z } from "zod";
import type { Failure } from "../failure";
import { err, ok } from "../result";
import { checkFree } from "../sequence/ids";
import { Command, type Sequence, type Step } from "../sequence/schema";
import { checkSideBySide } from "../sequence/side-by-side";
import { defineAction } from "./action";

/** The sequence with steps of those ids added, where they are missing and a command is given for them. */
function withMissing(sequence: Sequence, ids: readonly string[], command: Step["command"]): Sequence {
  if (command === undefined) return sequence;
  const missing = ids.filter((id) => checkFree(sequence, id).ok);
  return { ...sequence, steps: [...(sequence.steps ?? []), ...missing.map((id) => ({ id, command }))] };
}

/** A step that is missing could have been made: the refusal says by which option. */
function orMade(sequence: Sequence, failure: Failure, made_by: string) {
  const isMissing = failure.code === "step.unknown" && checkFree(sequence, failure.id).ok;
  return err(isMissing ? { ...failure, made_by } : failure);
}

export const fusionCreate = defineAction({
  name: "fusion.create",
  title: "Let steps attempt the same task, and one join their results",
  risk: "edit",
  input: z.strictObject({
    candidates: z
      .array(z.string())
      .min(2, "a fusion takes two candidates or more")
      .describe("ids of the steps that attempt the task"),
    synth: z.string().describe("id of the step that gets all their results"),
    command: Command.optional().describe("command for those of them that do not exist yet"),
    isolation: z
      .enum(["none", "worktree"])
      .optional()
      .describe("give each candidate a worktree of the repository"),
    synth_command: Command.optional().describe("the same for the synthesis (--command if left out)"),
  }),
  summary: ({ candidates, synth }) => `fuse ${candidates.join(", ")} into ${synth}`,
  target: ({ synth }) => synth,
  effect: {
    kind: "edit",
    apply: (given, { candidates, synth, command, synth_command, isolation }) => {
      const wanted = [...new Set(candidates)];
      if (wanted.includes(synth))
        return err({
          code: "input.invalid",
          problem: `'${synth}' can't be a candidate of its own synthesis`,
        });
      if (wanted.length < 2)
        return err({
          code: "input.invalid",
          problem: "a fusion takes two candidates or more, each named once",
        });
      const filled = withMissing(given, wanted, command);
      const sequence = withMissing(filled, [synth], synth_command ?? command);
      const known = checkSideBySide(sequence, [synth]);
      if (!known.ok) return orMade(sequence, known.failure, "--synth-command, or --command for all of them");
      const sideBySide = checkSideBySide(sequence, wanted);
      if (!sideBySide.ok) return orMade(sequence, sideBySide.failure, "--command");
      const steps = (sequence.steps ?? []).map((step): Step => {
        if (wanted.includes(step.id)) return { ...step, type: "f", ...(isolation ? { isolation } : {}) };
        if (step.id !== synth) return step;
        const needs = [...new Set([...(step.depends_on ?? []), ...wanted])];
        return { ...step, type: "f", depends_on: needs, fusion_synth: true, fusion_candidates: wanted };
      });
      return ok({ ...sequence, steps });
    },
  },
});

export const fusionPick = defineAction({
  name: "fusion.pick",
  title: "Bring the changes of one candidate into the workspace",
  risk: "run",
  input: z.strictObject({ candidate: z.string().describe("id of the candidate whose changes are wanted") }),
  positional: ["candidate"],
  summary: ({ candidate }) => `bring the changes of ${candidate} into the workspace`,
  target: ({ candidate }) => candidate,
  effect: { kind: "pick", candidate: ({ candidate }) => candidate },
});
