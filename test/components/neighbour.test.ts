import { describe, expect, test } from "bun:test";
import { groupBox, nodesOf } from "../../components/canvas/elements";
import { layoutGraph } from "../../components/canvas/layout";
import { neighbour } from "../../components/canvas/neighbour";
import { planNode as step } from "../rig/plan-node";

const plan = [
  step("plan"),
  step("one", ["plan"], { group: "ways" }),
  step("two", ["plan"], { group: "ways" }),
  step("last", ["one", "two"]),
  step("alone"),
];

describe.each(["right", "down"] as const)("where arrows lead %s", (direction) => {
  const layout = layoutGraph(plan, { direction, positions: {} });
  const order = nodesOf(plan, layout).map(({ id }) => id);
  const go = (from: string, key: string) => neighbour(layout, order, from, key);
  const [on, back, before, after] =
    direction === "right"
      ? (["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"] as const)
      : (["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"] as const);
  const border = groupBox(layout.groups[0]?.key ?? "");

  test("an arrow key leads along the arrows of the graph, and to what stands beside", () => {
    expect(["one", "two"]).toContain(go("plan", on) ?? "");
    expect(go("one", on)).toBe("last");
    expect(go("last", back)).toBe("one");
    const [first = "", second = ""] = ["one", "two"].sort((a, b) => {
      const [left, right] = [layout.boxes.get(a), layout.boxes.get(b)];
      if (!left || !right) return 0;
      return direction === "right" ? left.y - right.y : left.x - right.x;
    });
    expect(go(first, after)).toBe(second);
    expect(go(second, before)).toBe(first);
    expect(go(first, before)).toBe(border);
    expect(go(border, after)).toBe("one");
  });

  test("what nothing is tied to is come to all the same", () => {
    const keys = [on, back, before, after];
    const reached = new Set(["plan"]);
    for (const id of reached) for (const key of keys) reached.add(go(id, key) ?? id);
    expect([...reached].sort()).toEqual([...order].sort());
  });

  test("Page Down goes through all of it in the order of the work, and Page Up back", () => {
    const walk = (from: string | undefined, key: string) => {
      const seen: string[] = [];
      for (let id = from; id !== undefined; id = go(id, key)) seen.push(id);
      return seen;
    };
    expect(walk(order[0], "PageDown")).toEqual(order);
    expect(walk(order.at(-1), "PageUp")).toEqual([...order].reverse());
    expect([go("two", "Home"), go("two", "End")]).toEqual([order[0], order.at(-1)]);
  });

  test("other keys lead nowhere", () => expect(go("plan", "Enter")).toBeUndefined());
});
