import { describe, expect, test } from "bun:test";
import { layoutGraph } from "../../components/canvas/layout";
import type { Box, PlanNode } from "../../components/canvas/plan";
import { regroup, regroupingAt } from "../../components/canvas/regroup";
import type { Sequence } from "../../lib/core/sequence/schema";
import { edit } from "../core/rig/acting";
import { planNode } from "../rig/plan-node";

const node = (id: string, needs: string[] = [], group: string | null = null) =>
  planNode(id, needs, { group, type: group === null ? "base" : "p" });

const plan = [node("a"), node("b", ["a"], "g"), node("c", ["a"], "g"), node("d", ["b", "c"]), node("e")];
const gate: PlanNode = { id: "ok", kind: "gate", name: "OK", group: null, needs: [] };
const { boxes } = layoutGraph([...plan, gate]);
const at = (id: string) => boxes.get(id) as Box;
const far = { x: 4000, y: 4000, width: 232, height: 72 };

describe("a dragged step", () => {
  test("joins the group within whose border its middle is", () => {
    expect(regroupingAt(plan, boxes, ["e"], at("b"))).toEqual({ group: "g", from: null });
    expect(regroupingAt(plan, boxes, ["e"], far)).toBeNull();
  });

  test("leaves its group once it touches the border no more", () => {
    expect(regroupingAt(plan, boxes, ["b"], far)).toEqual({ group: null, from: "g" });
    const near = { ...at("b"), y: at("b").y + 4 };
    expect(regroupingAt(plan, boxes, ["b"], near)).toBeNull();
  });

  test("takes the whole group with it if all members are dragged", () => {
    expect(regroupingAt(plan, boxes, ["b", "c"], far)).toBeNull();
  });

  test("is told why it can't join what it waits for", () => {
    const barred = regroupingAt(plan, boxes, ["d"], at("b"));
    expect(barred).toMatchObject({ group: "g", reason: expect.stringContaining("d") as never });
    expect(regroupingAt([...plan, gate], boxes, ["ok"], at("b"))?.reason).toContain("gate");
  });
});

const sequence: Sequence = {
  version: 1,
  name: "s",
  steps: [
    { id: "b", type: "p", group_id: "g", fail_policy: "fail_fast" },
    { id: "e", command: ["x"] },
  ],
};

test("joining and leaving changes the keys of the group and nothing else", () => {
  const joined = edit("sequence.change", sequence, { calls: regroup(plan, ["e"], "g") });
  if (!joined.ok) throw new Error("not joined");
  expect(joined.value.steps?.[1]).toEqual({ id: "e", command: ["x"], group_id: "g", type: "p" });
  const left = edit("sequence.change", sequence, { calls: regroup(plan, ["b"], null) });
  if (!left.ok) throw new Error("not left");
  expect(left.value.steps?.[0]).toEqual({ id: "b" });
  expect(regroup(plan, ["b"], "g")).toEqual([]);
});
