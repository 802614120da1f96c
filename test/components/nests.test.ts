import { describe, expect, test } from "bun:test";
import { graphOf } from "../../components/canvas/graph";
import { layoutGraph } from "../../components/canvas/layout";
import { innerSize, nestOf, openedUp } from "../../components/canvas/nests";
import { sizes } from "../../components/canvas/plan";
import { membersOf } from "../../components/state/status-index";
import { sayUsage } from "../../components/state/usage";
import type { StatusDocument, StepState } from "../../components/state/wire";

const step = (id: string, more: Partial<StepState> = {}): StepState =>
  ({ id, name: id, type: "base", depends_on: [], group_id: null, ...more }) as StepState;
const status = {
  steps: [
    step("a"),
    step("sub", { depends_on: ["a"] }),
    step("sub-one", { of: "sub", depends_on: ["a"] }),
    step("sub-two", { of: "sub", depends_on: ["sub-one"] }),
    step("end", { depends_on: ["sub"], marks: { candidates: ["a", "sub"] } }),
  ],
  gates: [],
} as unknown as StatusDocument;

describe("what a run made of a step", () => {
  test("stands inside of it, not beside it", () => {
    expect(graphOf(status).map(({ id, look }) => [id, look])).toEqual([
      ["a", undefined],
      ["sub", undefined],
      ["end", "fusion"],
    ]);
    expect(membersOf(status, "sub").map(({ id }) => id)).toEqual(["sub-one", "sub-two"]);
    expect(membersOf(status, "a")).toEqual([]);
  });

  test("is laid out within the step, which makes room for it", () => {
    const nest = nestOf(
      membersOf(status, "sub").map(({ id, name, depends_on }) => ({ id, name, depends_on, model: "shell" })),
      true,
    );
    for (const box of nest.layout.boxes.values()) {
      expect(box).toMatchObject(innerSize);
      expect(box.x).toBeGreaterThan(0);
      expect(box.y).toBeGreaterThan(60);
      expect(box.x + box.width).toBeLessThan(nest.size.width);
      expect(box.y + box.height).toBeLessThan(nest.size.height);
    }
    expect(nest.layout.edges.map(({ id }) => id)).toEqual(["sub-one→sub-two"]);
    const plan = graphOf(status);
    expect(openedUp(plan, new Map())).toBe(plan);
    const opened = layoutGraph(openedUp(plan, new Map([["sub", nest]])));
    expect(opened.boxes.get("sub")).toMatchObject(nest.size);
    expect(opened.boxes.get("end")).toMatchObject(sizes.fusion);
    const down = layoutGraph(openedUp(plan, new Map([["sub", nest]])), { direction: "down", positions: {} });
    expect(down.boxes.get("sub")).toMatchObject(nest.size);
  });
});

test.each([
  [{ tokens: 812, cost_usd: null }, "812 tok", "812 tokens"],
  [{ tokens: 1234, cost_usd: null }, "1.2k", "1,234 tokens"],
  [{ tokens: 45_678, cost_usd: 0.341 }, "$0.34", "45,678 tokens, $0.34"],
  [{ tokens: 2_500_000, cost_usd: 0.0042 }, "$0.0042", "2,500,000 tokens, $0.0042"],
])("usage in short and in words: %j", (usage, short, long) =>
  expect(sayUsage(usage)).toEqual({ short, long }),
);
