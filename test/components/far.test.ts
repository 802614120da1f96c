import { describe, expect, test } from "bun:test";
import { boxAt, farPicture, looksOf } from "../../components/canvas/far-picture";
import { layoutGraph } from "../../components/canvas/layout";
import type { GateState, StatusDocument, StepState } from "../../components/state/wire";
import { planNode as node } from "../rig/plan-node";

const plan = [node("a", []), node("b", ["a"]), node("g", ["a", "b"], { kind: "gate" }), node("c", ["g"])];
const layout = layoutGraph(plan);
const step = (id: string, status: string) => ({ id, status, reason: null }) as StepState;
const looks = looksOf({
  steps: [step("a", "DONE"), step("b", "FAILED"), step("c", "BLOCKED")],
  gates: [{ id: "g", status: "PENDING", reason: "waiting_deps", shows: [] } as unknown as GateState],
} as unknown as StatusDocument);

describe("a graph seen from far away", () => {
  const { boxes, lines } = farPicture(layout, looks);

  test("has each node where it stands, by its tone and kind", () => {
    expect(boxes.map(({ id, tone, isGate }) => [id, tone, isGate])).toEqual([
      ["a", "done", false],
      ["b", "failed", false],
      ["g", "pending", true],
      ["c", "blocked", false],
    ]);
    for (const { id, x, y } of boxes) expect(layout.boxes.get(id)).toMatchObject({ x, y });
  });

  test("has every arrow that says something, from end to beginning, by what goes on along it", () => {
    expect(lines.map(({ tone }) => tone)).toEqual(["passed", "failed", "idle"]);
    const [first] = lines;
    const [a, b] = [layout.boxes.get("a"), layout.boxes.get("b")];
    expect(first?.from.x).toBe((a?.x ?? 0) + (a?.width ?? 0));
    expect(first?.to.x).toBe(b?.x ?? 0);
  });

  test("leaves out what is no longer in the sequence", () => {
    const { a: _, ...rest } = looks;
    const { boxes: left, lines: some } = farPicture(layout, rest);
    expect(left.map(({ id }) => id)).toEqual(["b", "g", "c"]);
    expect(some).toHaveLength(2);
  });

  test("is asked who lies under a point", () => {
    for (const [id, { x, y, width, height }] of layout.boxes) {
      expect(boxAt(layout, x + width / 2, y + height / 2)).toBe(id);
    }
    expect(boxAt(layout, -5000, 0)).toBeUndefined();
  });
});
