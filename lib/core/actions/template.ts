import { z } from "zod";
import { err, ok } from "../result";
import { checkFree } from "../sequence/ids";
import { Command, type Sequence } from "../sequence/schema";
import { findTemplate, generate } from "../templates";
import { CountOrNames, type Fragment } from "../templates/template";
import { defineAction } from "./action";

// Parameters of our own templates that have a flag each; `params` takes those of any template.
const common = {
  workers: z.int().optional().describe("parallel, orchestrated: how many workers"),
  merge: z.boolean().optional().describe("parallel: add a step that waits for all of them"),
  phases: CountOrNames.optional().describe("chained: names of the phases, or how many"),
  candidates: CountOrNames.optional().describe("fusion: how many candidates, or their names"),
  isolation: z.enum(["none", "worktree"]).optional().describe("fusion: a worktree for each candidate"),
  test: Command.optional().describe("fusion: command that tells whether a candidate's work is good"),
  fail_policy: z.enum(["fail_fast", "best_effort"]).optional().describe("parallel: what a failure means"),
  model: z.string().optional().describe("agent that does the work, or shell"),
  command: Command.optional().describe("command that does the work"),
  prompt: z.string().optional().describe("file with the agent's prompt"),
  depends_on: z.array(z.string()).optional().describe("steps and gates that its first steps wait for"),
};

function isFree(sequence: Sequence, { steps, gates }: Fragment): boolean {
  const groups = new Set(steps.flatMap((step) => step.group_id ?? []));
  return (
    [...steps, ...gates].every(({ id }) => checkFree(sequence, id).ok) &&
    !sequence.steps?.some((step) => step.group_id !== undefined && groups.has(step.group_id))
  );
}

export const templateApply = defineAction({
  name: "template.apply",
  title: "Put the steps and gates of a template into the sequence",
  risk: "edit",
  input: z.strictObject({
    type: z.string().describe("name of the template; `seqctl template list` shows them"),
    id: z.string().optional().describe("what the ids begin with (the template's name)"),
    params: z.record(z.string(), z.json()).optional().describe("parameters of the template, in JSON"),
    ...common,
  }),
  positional: ["type"],
  summary: ({ type, id }) => `apply template ${type}${id === undefined ? "" : ` as ${id}`}`,
  target: ({ type, id }) => id ?? type,
  effect: {
    kind: "edit",
    apply: (sequence, { type, id, params, ...flags }, { templates }) => {
      const template = findTemplate(templates, type);
      if (!template.ok) return template;
      const said = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
      const fragmentFor = (prefix: string) => generate(template.value, prefix, { ...params, ...said });
      let fragment = fragmentFor(id ?? type);
      for (let number = 2; id === undefined && fragment.ok && !isFree(sequence, fragment.value); number++) {
        // Ids that do not follow the name given are taken for good.
        if (number > 1000) break;
        fragment = fragmentFor(`${type}-${number}`);
      }
      if (!fragment.ok) return fragment;
      const { steps, gates } = fragment.value;
      for (const node of [...steps, ...gates]) {
        const free = checkFree(sequence, node.id);
        if (!free.ok) return free;
      }
      const [first] = steps;
      if (!isFree(sequence, fragment.value))
        return err({
          code: "input.invalid",
          problem: `the group '${first?.group_id ?? ""}' exists already`,
          hint: "choose another --id",
        });
      return ok({
        ...sequence,
        ...(steps.length > 0 ? { steps: [...(sequence.steps ?? []), ...steps] } : {}),
        ...(gates.length > 0 ? { gates: [...(sequence.gates ?? []), ...gates] } : {}),
      });
    },
  },
});
