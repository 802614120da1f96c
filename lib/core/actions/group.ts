import { z } from "zod";
import { err, ok } from "../result";
import type { Sequence } from "../sequence/schema";
import { checkSideBySide } from "../sequence/side-by-side";
import { defineAction } from "./action";

/** `g1`, `g2`, …: the first that no step names. */
function freeGroup(sequence: Sequence): string {
  const taken = new Set((sequence.steps ?? []).map((step) => step.group_id?.toLowerCase()));
  let number = 1;
  while (taken.has(`g${number}`)) number += 1;
  return `g${number}`;
}

export const groupParallelize = defineAction({
  name: "group.parallelize",
  title: "Make steps a group that runs side by side",
  risk: "edit",
  input: z.strictObject({
    ids: z.array(z.string()).min(2, "a group takes two steps or more").describe("ids of the steps"),
    group_id: z.string().optional().describe("id of the group (g1, g2, … if left out)"),
    fail_policy: z
      .enum(["fail_fast", "best_effort"])
      .optional()
      .describe("whether the failure of one ends the others"),
  }),
  positional: ["ids"],
  summary: ({ ids, group_id }) =>
    `let ${ids.join(", ")} run side by side${group_id === undefined ? "" : ` as group ${group_id}`}`,
  target: ({ group_id, ids }) => group_id ?? ids[0] ?? "",
  effect: {
    kind: "edit",
    apply: (sequence, { ids, group_id, fail_policy }) => {
      const wanted = [...new Set(ids)];
      if (wanted.length < 2)
        return err({ code: "input.invalid", problem: "a group takes two steps or more, each named once" });
      const sideBySide = checkSideBySide(sequence, wanted);
      if (!sideBySide.ok) return sideBySide;
      const group = group_id ?? freeGroup(sequence);
      const steps = (sequence.steps ?? []).map((step) => {
        const joins = wanted.includes(step.id);
        if (!joins && step.group_id !== group) return step;
        const policy = fail_policy === undefined ? {} : { fail_policy };
        return joins ? { ...step, type: "p" as const, group_id: group, ...policy } : { ...step, ...policy };
      });
      return ok({ ...sequence, steps });
    },
  },
});
