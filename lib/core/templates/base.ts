import { z } from "zod";
import { after, defineTemplate, work, workStep } from "./template";

/** One step. */
export const base = defineTemplate({
  type: "base",
  title: "One step",
  params: z.strictObject(work),
  generate: (id, params) => ({
    steps: [workStep(id, params, { type: "base", ...after(params.depends_on) })],
    gates: [],
  }),
});
