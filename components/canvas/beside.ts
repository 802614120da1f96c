import type { Box, Size } from "./plan";
import { meets } from "./settle";

/** The sides of a node on which a bar of its own can stand. */
export type Side = "below" | "above";

const sides = { below: ["below", "above"], above: ["above", "below"] } as const;

/**
 * Where a bar stands beside a node: right-aligned with it, on the wished side or, where the window ends, on the other;
 * `shift` is how far it is moved sideways to be seen whole. All in px of the screen.
 */
export function besideNode(node: Box, bar: Size, room: Size, wish: Side): { side: Side; shift: number } {
  const fits = { below: node.y + node.height + bar.height <= room.height, above: node.y >= bar.height };
  const side = sides[wish].find((each) => fits[each]) ?? wish;
  const right = node.x + node.width;
  return { side, shift: Math.max(Math.min(right, room.width), bar.width) - right };
}

/** The first of the wished sides on which a bar that begins at `x` lies over no other node; undefined where there is none. */
export function freeBeside(
  wished: readonly Side[],
  node: Box,
  x: number,
  bar: Size,
  others: readonly Box[],
): Side | undefined {
  const at = {
    below: { x, y: node.y + node.height, ...bar },
    above: { x, y: node.y - bar.height, ...bar },
  };
  return wished.find((side) => !others.some((box) => meets(at[side], box)));
}
