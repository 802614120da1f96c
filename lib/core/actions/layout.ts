import { z } from "zod";
import { Layout, Spot } from "../layout";
import { defineAction } from "./action";

export const layoutPlace = defineAction({
  name: "layout.place",
  title: "Say where steps and gates stand on the canvas",
  risk: "edit",
  input: z.strictObject({
    positions: z
      .record(z.string(), Spot.nullable())
      .optional()
      .describe("a place {x, y} by id; null gives it back to the automatic layout"),
    direction: Layout.shape.direction.describe("where the arrows lead"),
    reset: z.boolean().optional().describe("forget all places first"),
  }),
  summary: ({ positions, reset }) =>
    reset ? "lay the canvas out anew" : `place ${Object.keys(positions ?? {}).join(", ") || "nothing"}`,
  effect: {
    kind: "layout",
    apply: (layout, { positions, direction, reset }) => {
      const placed: Layout["positions"] = reset ? {} : { ...layout.positions };
      for (const [id, spot] of Object.entries(positions ?? {})) {
        if (spot === null) delete placed[id];
        else placed[id] = spot;
      }
      return { ...layout, ...(direction === undefined ? {} : { direction }), positions: placed };
    },
  },
});
