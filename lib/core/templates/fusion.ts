import { z } from "zod";
import { Command } from "../sequence/schema";
import { after, CountOrNames, defineTemplate, most, numbered, sizeOf, work, workStep } from "./template";

const letters = "abcdefghijklmnopqrstuvwxyz";

/** F: attempts at the same task, and a synthesis of them. */
export const fusion = defineTemplate({
  type: "fusion",
  title: "F-thread: candidates attempt the same task, a synthesis joins their results",
  params: z.strictObject({
    candidates: CountOrNames.refine(
      (asked) => sizeOf(asked) >= 2 && sizeOf(asked) <= most,
      `must be 2 to ${most} candidates`,
    )
      .prefault(3)
      .describe("how many, or their names"),
    isolation: z
      .enum(["none", "worktree"])
      .optional()
      .describe("give each its own worktree of the repository"),
    test: Command.optional().describe(
      "command that tells whether a candidate's work is good; gives each a worktree",
    ),
    ...work,
  }),
  generate: (id, params) => {
    const { candidates: asked, test } = params;
    const isolation = test === undefined ? params.isolation : "worktree";
    const names =
      typeof asked !== "number"
        ? asked.map((name) => `${id}-${name}`)
        : asked <= letters.length
          ? [...letters.slice(0, asked)].map((letter) => `${id}-${letter}`)
          : numbered(id, asked);
    const steps = names.map((name) =>
      workStep(name, params, {
        type: "f",
        ...after(params.depends_on),
        // One attempt that fails is no reason not to join the others.
        continue_on_error: true,
        ...(isolation === undefined ? {} : { isolation }),
        ...(test === undefined ? {} : { worktree: { test } }),
      }),
    );
    const synth = workStep(
      `${id}-synth`,
      { model: params.model },
      {
        name: "Join the candidates' results",
        type: "f",
        depends_on: names,
        fusion_synth: true,
        fusion_candidates: names,
      },
    );
    return { steps: [...steps, synth], gates: [] };
  },
});
