import { z } from "zod";
import { after, defineTemplate, most, numbered, work, workStep } from "./template";

/** P: steps side by side, and one that takes up their results. */
export const parallel = defineTemplate({
  type: "parallel",
  title: "P-thread: workers side by side, with a merge behind them if wanted",
  params: z.strictObject({
    workers: z.int().min(1).max(most).default(3).describe("how many workers"),
    merge: z.boolean().default(false).describe("add a step that waits for all of them"),
    fail_policy: z
      .enum(["fail_fast", "best_effort"])
      .optional()
      .describe("whether the failure of one ends the others"),
    ...work,
  }),
  generate: (id, params) => {
    const workers = numbered(id, params.workers);
    const steps = workers.map((worker) =>
      workStep(worker, params, {
        type: "p",
        ...after(params.depends_on),
        group_id: id,
        ...(params.fail_policy === undefined ? {} : { fail_policy: params.fail_policy }),
      }),
    );
    if (params.merge) {
      const { model } = params;
      steps.push(workStep(`${id}-merge`, { model }, { name: "Merge the results", depends_on: workers }));
    }
    return { steps, gates: [] };
  },
});
