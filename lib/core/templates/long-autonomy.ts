import { z } from "zod";
import type { Step } from "../sequence/schema";
import { after, defineTemplate, work, workStep } from "./template";

/** L: one long step, watched over. */
export const longAutonomy = defineTemplate({
  type: "long-autonomy",
  title: "L-thread: one step that works for long, with a watchdog beside it",
  params: z.strictObject({
    watchdog: z
      .boolean()
      .default(true)
      .describe("add a step that watches over it (--params to leave it out)"),
    timeout_ms: z.int().min(1).optional().describe("longest time it may take, in ms"),
    ...work,
  }),
  generate: (id, params) => {
    const limit = params.timeout_ms === undefined ? {} : { timeout_ms: params.timeout_ms };
    const main = workStep(id, params, { type: "l", ...after(params.depends_on), ...limit });
    if (!params.watchdog) return { steps: [main], gates: [] };
    // Without a command of its own it is ThreadOS's.
    const watchdog: Step = {
      id: `${id}-watchdog`,
      type: "l",
      ...after(params.depends_on),
      watchdog_for: id,
    };
    return { steps: [main, watchdog], gates: [] };
  },
});
