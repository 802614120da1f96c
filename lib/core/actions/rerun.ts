import { z } from "zod";
import { isDecided } from "../engine/decidable";
import type { Fact } from "../engine/fact";
import { neverRan } from "../engine/never-ran";
import { isActive, stepRun } from "../engine/run";
import { waitReason } from "../engine/wait-reason";
import { explain } from "../engine/why";
import { err, ok } from "../result";
import { downstream as below } from "../sequence/graph";
import { unknownStep } from "../sequence/ids";
import { defineAction } from "./action";
import { checkRunnable } from "./run";

export const stepRerun = defineAction({
  name: "step.rerun",
  title: "Run a finished step once more",
  risk: "run",
  input: z.strictObject({
    id: z.string().describe("id of the step"),
    downstream: z
      .boolean()
      .optional()
      .describe("and everything that depends on it; gates on the way ask again"),
  }),
  positional: ["id"],
  summary: ({ id, downstream }) => `re-run step ${id}${downstream ? " with what depends on it" : ""}`,
  target: ({ id }) => id,
  effect: {
    kind: "engine",
    request: ({ plan, run, actor }, { id, downstream }) => {
      if (plan.graph.nodes.get(id)?.kind !== "step") return unknownStep(plan.sequence, id);
      const nodes = downstream ? [...below(plan.graph, id)] : [id];
      const steps = plan.order.filter((step) => nodes.includes(step));
      const active = steps.find((step) => isActive(stepRun(run, step)));
      if (active !== undefined) return err({ code: "step.running", id: active });
      if (stepRun(run, id).attempt === 0) return neverRan(run, plan, id, true);
      const wait = waitReason(run, plan, id);
      if (wait) {
        const waits = explain({ id, status: "PENDING", reason: wait });
        return err({ code: "step.blocked", id, reason: waits.replace(`'${id}' `, "").replace(/\.$/, "") });
      }
      const runnable = checkRunnable(plan, steps);
      if (!runnable.ok) return runnable;
      const reopened = nodes
        .filter((node) => isDecided(run, node) && plan.graph.nodes.get(node)?.kind === "gate")
        .map((gate): Fact => ({ type: "gate.reopened", gate, by: actor }));
      const facts: Fact[] = [...reopened, { type: "steps.requested", steps, by: actor }];
      return ok({ facts, pursued: steps, starts: steps });
    },
  },
});
