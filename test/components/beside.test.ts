import { expect, test } from "bun:test";
import { besideNode, freeBeside } from "../../components/canvas/beside";

const room = { width: 800, height: 500 };
const bar = { width: 78, height: 20 };

test("a bar stands below its node, right-aligned with it", () => {
  expect(besideNode({ x: 300, y: 200, width: 104, height: 32 }, bar, room, "below")).toEqual({
    side: "below",
    shift: 0,
  });
});

test("where the window ends it stands on the other side", () => {
  const low = { x: 300, y: 460, width: 104, height: 32 };
  expect(besideNode(low, bar, room, "below").side).toBe("above");
  const high = { x: 300, y: 4, width: 104, height: 32 };
  expect(besideNode(high, bar, room, "above").side).toBe("below");
  expect(besideNode({ ...high, height: 490 }, bar, room, "below").side).toBe("below");
});

test("of a node that is cut off at a side of the window it can be seen whole", () => {
  const right = besideNode({ x: 760, y: 200, width: 104, height: 32 }, bar, room, "below");
  expect(760 + 104 + right.shift).toBe(room.width);
  const left = besideNode({ x: -80, y: 200, width: 104, height: 32 }, bar, room, "below");
  expect(-80 + 104 + left.shift - bar.width).toBe(0);
});

test("a bar that is always there lies over no other node", () => {
  const gate = { x: 0, y: 0, width: 208, height: 72 };
  const wide = { width: 300, height: 50 };
  const below = { x: 240, y: 100, width: 232, height: 72 };
  const above = { x: -250, y: -80, width: 232, height: 72 };
  const both = ["below", "above"] as const;
  expect(freeBeside(both, gate, -46, wide, [])).toBe("below");
  expect(freeBeside(both, gate, -46, wide, [above])).toBe("below");
  expect(freeBeside(both, gate, -46, wide, [below])).toBe("above");
  expect(freeBeside(["below"], gate, -46, wide, [below])).toBeUndefined();
  expect(freeBeside(both, gate, -46, wide, [below, above])).toBeUndefined();
  expect(freeBeside(both, gate, 4, { width: 200, height: 25 }, [below, above])).toBe("below");
});
