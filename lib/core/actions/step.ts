import { z } from "zod";
import { err, ok, type Result } from "../result";
import { keptEnv } from "../sequence/clear-secrets";
import { needsOf } from "../sequence/graph";
import { checkFree, unknownStep } from "../sequence/ids";
import type { Sequence } from "../sequence/schema";
import { Step } from "../sequence/schema";
import { Base, defineAction } from "./action";

type StepKey = keyof Step;
const noUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;

const settable = z.enum(Object.keys(Step.shape).filter((key) => key !== "id") as [StepKey, ...StepKey[]]);
const Id = z.string().describe("id of the step");

/** The nodes that wait for a node, work for it or watch over it. */
export function dependentsOf(sequence: Sequence, id: string): string[] {
  const names = (s: Step) => [...needsOf(s), s.orchestrator, s.watchdog_for];
  const steps = (sequence.steps ?? []).filter((s) => s.id !== id && names(s).includes(id)).map((s) => s.id);
  const gates = (sequence.gates ?? []).filter((g) => g.depends_on?.includes(id)).map((g) => g.id);
  return [...steps, ...gates];
}

function replaceStep(sequence: Sequence, id: string, change: (step: Step) => Step): Result<Sequence> {
  const steps = sequence.steps ?? [];
  if (!steps.some((s) => s.id === id)) return unknownStep(sequence, id);
  return ok({ ...sequence, steps: steps.map((s) => (s.id === id ? change(s) : s)) });
}

export const stepAdd = defineAction({
  name: "step.add",
  title: "Add a step",
  risk: "edit",
  input: Step.extend({ id: Id }),
  positional: ["id"],
  summary: ({ id }) => `add step ${id}`,
  target: ({ id }) => id,
  effect: {
    kind: "edit",
    apply: (sequence, input) => {
      const free = checkFree(sequence, input.id);
      return free.ok ? ok({ ...sequence, steps: [...(sequence.steps ?? []), noUndefined(input)] }) : free;
    },
  },
});

export const stepEdit = defineAction({
  name: "step.edit",
  title: "Change a step",
  risk: "edit",
  input: Step.extend({
    id: Id,
    unset: z.array(settable).optional().describe("keys to remove from the step"),
    base: Base,
  }),
  positional: ["id"],
  summary: ({ id, unset, base: _, ...keys }) => {
    const changed = [...Object.keys(noUndefined(keys)), ...(unset ?? [])].join(", ");
    return changed === "" ? `leave step ${id} as it is` : `change ${changed} of step ${id}`;
  },
  target: ({ id }) => id,
  effect: {
    kind: "edit",
    bases: ({ base }) => [base],
    apply: (sequence, { unset, base: _, ...keys }) =>
      replaceStep(sequence, keys.id, (step) => {
        const env = keys.env && { env: keptEnv(keys.env, step.env) };
        const changed: Step = { ...step, ...noUndefined(keys), ...env };
        for (const key of unset ?? []) delete changed[key];
        return changed;
      }),
  },
});

export const stepRm = defineAction({
  name: "step.rm",
  title: "Remove a step",
  risk: "remove",
  input: z.strictObject({ id: Id }),
  positional: ["id"],
  summary: ({ id }) => `remove step ${id}`,
  target: ({ id }) => id,
  effect: {
    kind: "edit",
    apply: (sequence, { id }) => {
      const steps = sequence.steps ?? [];
      if (!steps.some((s) => s.id === id)) return unknownStep(sequence, id);
      const by = dependentsOf(sequence, id);
      return by.length > 0
        ? err({ code: "node.in_use", id, by })
        : ok({ ...sequence, steps: steps.filter((s) => s.id !== id) });
    },
  },
});

export const stepClone = defineAction({
  name: "step.clone",
  title: "Copy a step",
  risk: "edit",
  input: z.strictObject({ id: Id, new: z.string().describe("id of the copy") }),
  positional: ["id", "new"],
  summary: (input) => `copy step ${input.id} as ${input.new}`,
  target: (input) => input.new,
  effect: {
    kind: "edit",
    apply: (sequence, input) => {
      const steps = sequence.steps ?? [];
      const at = steps.findIndex((s) => s.id === input.id);
      const original = steps[at];
      if (!original) return unknownStep(sequence, input.id);
      const free = checkFree(sequence, input.new);
      if (!free.ok) return free;
      return ok({
        ...sequence,
        steps: [...steps.slice(0, at + 1), { ...original, id: input.new }, ...steps.slice(at + 1)],
      });
    },
  },
});
