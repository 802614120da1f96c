import { describe, expect, test } from "bun:test";
import { frame } from "../../components/canvas/camera";
import { layoutGraph } from "../../components/canvas/layout";
import type { PlanNode } from "../../components/canvas/plan";

const step = (id: string, ...needs: string[]): PlanNode => ({
  id,
  kind: "step",
  name: id,
  group: null,
  needs,
});
const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);
/** A step, many side by side after it, and a long chain behind them. */
const graph = (wide: number) => {
  const sides = names("side", wide);
  const chain = names("chain", 12);
  return layoutGraph([
    step("first"),
    ...sides.map((id) => step(id, "first")),
    ...chain.map((id, index) => step(id, chain[index - 1] ?? "side0")),
  ]);
};

describe("a graph too wide to be read whole", () => {
  test("opens at its beginning, with all that stands above and below of it if there is room", () => {
    const layout = graph(5);
    const { x, y, height } = frame(layout, [], 660, 460);
    expect(x).toBeLessThan(layout.boxes.get("first")?.x ?? 0);
    const column = names("side", 5).map((id) => layout.boxes.get(id));
    for (const box of column) {
      expect(box?.y).toBeGreaterThan(y);
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(y + height);
    }
  });

  test("shows its first step though it is higher than the window, too", () => {
    const layout = graph(40);
    const { y, height } = frame(layout, [], 660, 460);
    const first = layout.boxes.get("first");
    expect(first?.y).toBeGreaterThan(y);
    expect((first?.y ?? 0) + (first?.height ?? 0)).toBeLessThan(y + height);
    // Nothing is left free that could show more.
    const tops = [...layout.boxes.values()].map((box) => box.y);
    expect(y).toBeGreaterThan(Math.min(...tops) - 100);
  });

  test.each([
    [980, 600],
    [1300, 700],
    [660, 460],
  ])("opens on whole nodes in a window of %i×%i", (width, height) => {
    for (const wide of [1, 5, 9]) {
      for (const active of [[], ["chain6"], ["chain6", "chain7"]]) {
        const layout = graph(wide);
        const view = frame(layout, active, width, height);
        const cut = [...layout.boxes].filter(([, box]) => {
          const right = Math.min(box.x + box.width, view.x + view.width);
          const bottom = Math.min(box.y + box.height, view.y + view.height);
          const [across, along] = [right - Math.max(box.x, view.x), bottom - Math.max(box.y, view.y)];
          return across > 0 && along > 0 && (across < box.width || along < box.height);
        });
        expect({ wide, active, cut }).toEqual({ wide, active, cut: [] });
        for (const id of active) {
          const box = layout.boxes.get(id);
          expect(box?.x).toBeGreaterThan(view.x);
          expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThan(view.x + view.width);
        }
      }
    }
  });
});
