import { z } from "zod";
import { isDecided } from "../engine/decidable";
import type { Fact } from "../engine/fact";
import type { Plan } from "../engine/plan";
import { isActive, stepRun } from "../engine/run";
import { err, ok, type Result } from "../result";
import { downstream, upstream } from "../sequence/graph";
import { unknownGate, unknownStep } from "../sequence/ids";
import { defineAction, type Request, type RunContext } from "./action";
import { inGivenUp } from "./gate";
import { checkRunnable } from "./run";

const Rejection = z.strictObject({
  id: z.string().describe("id of the gate"),
  reason: z
    .string()
    .min(1)
    .max(4000)
    .refine((text) => !text.includes("\0"), "holds a NUL byte")
    .describe("what is not right; kept in the record, and told to the step the work goes back to"),
  back_to: z
    .string()
    .optional()
    .describe("step before the gate that the work goes back to; it and all between is run again"),
});

/** The nodes on every way from one to the other, both included. */
function between(plan: Plan, from: string, to: string): Set<string> {
  const behind = upstream(plan.graph, to);
  return new Set([...downstream(plan.graph, from)].filter((id) => behind.has(id)));
}

/** Sends the work back: the step and all between it and the gate is asked for again, gates on the way are open again. */
function sendBack(
  { plan, run, actor }: RunContext,
  gate: string,
  back: string,
  reason: string,
): Result<Request> {
  if (plan.graph.nodes.get(back)?.kind !== "step") return unknownStep(plan.sequence, back);
  const way = between(plan, back, gate);
  if (!way.has(gate))
    return err({
      code: "input.invalid",
      problem: `'${back}' does not come before gate '${gate}'`,
      hint: "work can go back only to a step that the gate waits for, however indirectly",
    });
  if (stepRun(run, back).attempt === 0) return err({ code: "step.never_ran", id: back });
  // A handler is run when it is called for, and a step that ends anew calls for it anew.
  const steps = plan.order.filter((id) => way.has(id) && (id === back || !plan.graph.triggers.has(id)));
  const active = [...run.steps].find(
    ([id, state]) => isActive(state) && (steps.includes(id) || steps.includes(state.of ?? "")),
  );
  if (active) return err({ code: "step.running", id: active[0] });
  const runnable = checkRunnable(plan, steps);
  if (!runnable.ok) return runnable;
  const reopened = [...way]
    .filter((id) => id !== gate && plan.graph.nodes.get(id)?.kind === "gate" && isDecided(run, id))
    .map((id): Fact => ({ type: "gate.reopened", gate: id, by: actor }));
  const nth = (run.sentBack.get(gate)?.times ?? 0) + 1;
  const fact: Fact = { type: "gate.rejected", gate, by: actor, reason, back, nth, again: steps };
  return ok({ facts: [...reopened, fact], pursued: [], starts: steps });
}

export const gateReject = defineAction({
  name: "gate.reject",
  title: "Turn down what was done before a gate, and say why",
  risk: ({ back_to }) => (back_to === undefined ? "stop" : "run"),
  input: Rejection,
  positional: ["id"],
  summary: ({ id, back_to }) =>
    `reject gate ${id}${back_to === undefined ? "" : ` and send the work back to ${back_to}`}`,
  target: ({ id }) => id,
  effect: {
    kind: "engine",
    request: (context, { id, reason, back_to }) => {
      const { plan, run, isGivenUp, actor } = context;
      if (plan.graph.nodes.get(id)?.kind !== "gate") return unknownGate(plan.sequence, id);
      if (isGivenUp) return inGivenUp(id, "rejected");
      if (back_to !== undefined) return sendBack(context, id, back_to, reason);
      if (run.gates.get(id)?.rejected !== undefined)
        return err({ code: "gate.already", id, status: "BLOCKED" });
      return ok({ facts: [{ type: "gate.rejected", gate: id, by: actor, reason }], pursued: [], starts: [] });
    },
  },
});
