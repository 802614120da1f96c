import { z } from "zod";
import { idPattern } from "./sequence/ids";

const coordinate = z.number().min(-1_000_000).max(1_000_000);

/** A place on the canvas: the upper left corner of a box, in canvas pixels. */
export const Spot = z.strictObject({ x: coordinate, y: coordinate });

/** `layout.json`: where a person put what on the canvas. It says nothing about what happens. */
export const Layout = z.strictObject({
  version: z.literal(1),
  /** Where the arrows lead: to the right, or down. */
  direction: z.enum(["right", "down"]).optional(),
  positions: z.record(z.string().regex(idPattern), Spot),
  /** Groups that are shown as one box. */
  collapsed: z.array(z.string().regex(idPattern)).optional(),
});

export type Spot = z.infer<typeof Spot>;
export type Layout = z.infer<typeof Layout>;

/** What holds where nobody placed anything. */
export const emptyLayout: Layout = { version: 1, positions: {} };

/** Reads the file's value; whatever is no layout counts as none, for places are worth less than being shown the graph. */
export function readLayout(value: unknown): Layout {
  const parsed = Layout.safeParse(value);
  return parsed.success ? parsed.data : emptyLayout;
}
