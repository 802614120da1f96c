import { z } from "zod";
import { laid } from "../laying";
import { Layout, Spot } from "../layout";
import { idPattern } from "../sequence/ids";
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
    collapsed: z
      .record(z.string().regex(idPattern), z.boolean())
      .optional()
      .describe("groups by id: true shows one as a single box, false all of its steps"),
    reset: z.boolean().optional().describe("forget all places first"),
  }),
  summary: ({ positions, collapsed, reset }) => {
    if (reset) return "lay the canvas out anew";
    const groups = Object.entries(collapsed ?? {}).map(
      ([group, isCollapsed]) => `${isCollapsed ? "collapse" : "expand"} group ${group}`,
    );
    const places = Object.keys(positions ?? {}).join(", ");
    if (groups.length > 0) return [...(places ? [`place ${places}`] : []), ...groups].join(", ");
    return places === "" ? "leave the canvas as it is" : `place ${places}`;
  },
  effect: {
    kind: "layout",
    apply: (layout, input) => laid(layout, input),
  },
});
