import { z } from "zod";
import { err, ok, type Result } from "../result";
import { unknownStep } from "../sequence/ids";
import type { Sequence } from "../sequence/schema";
import { defineAction } from "./action";

const Dep = z.strictObject({
  step: z.string().describe("id of the step (or gate) that waits"),
  dep: z.string().describe("id of the step or gate it waits for"),
});

/** Changes what a step or gate depends on. */
function changeNeeds(
  sequence: Sequence,
  id: string,
  change: (needs: string[]) => Result<string[]>,
): Result<Sequence> {
  const node = sequence.steps?.find((s) => s.id === id) ?? sequence.gates?.find((g) => g.id === id);
  if (!node) return unknownStep(sequence, id);
  const needs = change(node.depends_on ?? []);
  if (!needs.ok) return needs;
  const replace = <N extends { id: string; depends_on?: string[] | undefined }>(
    nodes: N[] | null | undefined,
  ) => nodes?.map((n) => (n.id === id ? { ...n, depends_on: needs.value } : n));
  const { steps, gates, ...rest } = sequence;
  return ok({
    ...rest,
    ...(steps === undefined ? {} : { steps: replace(steps) ?? steps }),
    ...(gates === undefined ? {} : { gates: replace(gates) ?? gates }),
  });
}

export const depAdd = defineAction({
  name: "dep.add",
  title: "Add a dependency",
  risk: "edit",
  input: Dep,
  positional: ["step", "dep"],
  summary: ({ step, dep }) => `make ${step} wait for ${dep}`,
  target: ({ step }) => step,
  effect: {
    kind: "edit",
    apply: (sequence, { step, dep }) =>
      changeNeeds(sequence, step, (needs) =>
        needs.includes(dep) ? err({ code: "dep.exists", step, dep }) : ok([...needs, dep]),
      ),
  },
});

export const depRm = defineAction({
  name: "dep.rm",
  title: "Remove a dependency",
  risk: "edit",
  input: Dep,
  positional: ["step", "dep"],
  summary: ({ step, dep }) => `let ${step} no longer wait for ${dep}`,
  target: ({ step }) => step,
  effect: {
    kind: "edit",
    apply: (sequence, { step, dep }) =>
      changeNeeds(sequence, step, (needs) =>
        needs.includes(dep) ? ok(needs.filter((n) => n !== dep)) : err({ code: "dep.missing", step, dep }),
      ),
  },
});
