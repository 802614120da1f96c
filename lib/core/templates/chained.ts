import { z } from "zod";
import type { Gate } from "../sequence/schema";
import { after, CountOrNames, defineTemplate, most, numbered, sizeOf, work, workStep } from "./template";

/** C: phases one after the other, a person between them. */
export const chained = defineTemplate({
  type: "chained",
  title: "C-thread: phases one after the other, with a gate between each two",
  params: z.strictObject({
    phases: CountOrNames.refine(
      (asked) => sizeOf(asked) >= 1 && sizeOf(asked) <= most,
      `must be 1 to ${most} phases`,
    )
      .prefault(["plan", "build", "check"])
      .describe("their names, or how many"),
    ...work,
  }),
  generate: (id, params) => {
    const phases =
      typeof params.phases === "number"
        ? numbered(id, params.phases)
        : params.phases.map((phase) => `${id}-${phase}`);
    const gates: Gate[] = phases.slice(0, -1).map((phase) => ({
      id: `${phase}-gate`,
      name: `Go on after ${phase}?`,
      depends_on: [phase],
      shows: [phase],
    }));
    const steps = phases.map((phase, index) => {
      const before = gates[index - 1];
      return workStep(phase, params, { type: "c", ...after(before ? [before.id] : params.depends_on) });
    });
    return { steps, gates };
  },
});
