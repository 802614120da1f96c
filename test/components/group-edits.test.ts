import { describe, expect, test } from "bun:test";
import {
  canBeGroup,
  dissolve,
  faultOfName,
  renameGroup,
  setPolicy,
} from "../../components/canvas/group-edits";
import type { PlanNode } from "../../components/canvas/plan";
import { outlineOf } from "../../components/inspector/outline";
import type { Call } from "../../components/state/call";
import type { StatusDocument } from "../../components/state/wire";
import type { Sequence } from "../../lib/core/sequence/schema";
import { edit } from "../core/rig/acting";
import { planNode } from "../rig/plan-node";

const node = (id: string, group: string | null) =>
  planNode(id, [], { group, type: group === null ? "base" : "p" });
const plan = [node("a", "g"), node("b", "g"), node("c", "h"), node("d", "h"), node("e", null)];
const sequence: Sequence = {
  version: 1,
  name: "s",
  steps: plan.map(({ id, group }) => ({
    id,
    ...(group === null ? {} : { type: "p" as const, group_id: group }),
    ...(group === "g" ? { fail_policy: "best_effort" as const } : {}),
  })),
};

/** The steps as the door leaves them after the calls. */
function after(calls: Call[]) {
  const result = edit("sequence.change", sequence, { calls });
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value.steps;
}

describe("a group as a whole", () => {
  test("gets another name, and keeps all else", () => {
    expect(after(renameGroup(plan, "g", "ways"))).toEqual(
      sequence.steps?.map((step) => (step.group_id === "g" ? { ...step, group_id: "ways" } : step)),
    );
  });

  test("changes what a failure means in all of its steps at once, for they have to agree", () => {
    const policies = after(setPolicy(plan, "g", "fail_fast"))?.map(({ fail_policy }) => fail_policy);
    expect(policies).toEqual(["fail_fast", "fail_fast", undefined, undefined, undefined]);
  });

  test("is dissolved: its steps stay, as plain ones", () => {
    const steps = after(dissolve(plan, "g"));
    expect(steps?.slice(0, 2)).toEqual([{ id: "a" }, { id: "b" }]);
    expect(steps?.slice(2)).toEqual(sequence.steps?.slice(2) ?? []);
  });

  test.each([
    ["h", /already/],
    ["two words", /two words/],
    ["", /id/i],
  ])("can't be called %j", (name, why) => {
    expect(faultOfName(plan, "g", name)).toMatch(why);
  });

  test("is told what a name may be made of, where one can't be", () => {
    expect(faultOfName(plan, "g", "my attempts!")).toContain("letters, digits, '_' and '-'");
  });

  test("is offered only of steps of which none waits for another", () => {
    const chain: PlanNode[] = [
      node("a", null),
      { ...node("ok", null), kind: "gate", needs: ["a"] },
      { ...node("b", null), needs: ["ok"] },
      node("c", null),
    ];
    expect(canBeGroup(chain, ["a", "c"])).toBe(true);
    expect(canBeGroup(chain, ["a", "c", "ok"])).toBe(true);
    expect(canBeGroup(chain, ["a", "b"])).toBe(false);
    expect(canBeGroup(chain, ["a", "ok"])).toBe(false);
  });

  test("can be called what no other group is", () => {
    expect(faultOfName(plan, "g", "ways")).toBeUndefined();
    expect(faultOfName(plan, "g", "g")).toBeUndefined();
  });

  test("stands in the outline above its steps, where the first of them would", () => {
    const step = (id: string, group_id: string | null, depends_on: string[] = []) => ({
      ...{ id, name: id, type: "base", group_id, depends_on },
    });
    const status = {
      steps: [step("last", null, ["a"]), step("b", "g"), step("free", null), step("a", "g", ["free"])],
      gates: [],
    } as unknown as StatusDocument;
    expect(outlineOf(status).map(({ id, kind, inGroup }) => `${inGroup ? "  " : ""}${kind} ${id}`)).toEqual([
      "group g",
      "  node b",
      "  node a",
      "node free",
      "node last",
    ]);
  });
});
