import { z } from "zod";
import { after, defineTemplate, most, numbered, work, workStep } from "./template";

/** B: a step that adds and runs other steps. */
export const orchestrated = defineTemplate({
  type: "orchestrated",
  title: "B-thread: an orchestrator, and the workers it owns",
  params: z.strictObject({
    workers: z.int().min(0).max(most).default(2).describe("how many workers it starts out with"),
    ...work,
  }),
  generate: (id, params) => {
    const boss = workStep(id, params, { type: "b", ...after(params.depends_on) });
    const { model } = params;
    const workers = numbered(`${id}-worker`, params.workers).map((worker) =>
      workStep(worker, { model }, { ...after(params.depends_on), orchestrator: id }),
    );
    return { steps: [boss, ...workers], gates: [] };
  },
});
