import { expect, test } from "bun:test";
import { canBeGroup } from "../../components/canvas/group-edits";
import { commandsOfMany } from "../../components/commands/of-many";
import type { MoreOfNode } from "../../components/commands/of-node";
import type { Doing } from "../../components/state/doing";
import { useView } from "../../components/state/view";
import type { StepState } from "../../components/state/wire";

const plan = [
  { id: "a", needs: [] },
  { id: "b", needs: ["a"] },
  { id: "c", needs: ["b"] },
  { id: "d", needs: [] },
].map((node) => ({ ...node, kind: "step" as const, name: node.id, group: null }));

const joining = (ids: string[], of: Record<string, string> = {}) =>
  commandsOfMany(
    ids.map((id) => ({ id, status: "READY", ...(id in of ? { of: of[id] } : {}) }) as StepState),
    {} as Doing,
    { canGroup: () => canBeGroup(plan, ids) } as MoreOfNode,
  ).filter(({ id }) => id === "group" || id === "fuse");

test("steps are fused or grouped only where none of them waits for another, however indirectly", () => {
  expect(joining(["a", "d"]).map(({ id }) => id)).toEqual(["group", "fuse"]);
  expect(joining(["a", "b"])).toEqual([]);
  expect(joining(["a", "c", "d"])).toEqual([]);
});

test("what a run made of a step is no candidate", () => {
  expect(joining(["a", "a-1"], { "a-1": "a" })).toEqual([]);
  const [, fuse] = joining(["a", "d", "a-1"], { "a-1": "a" });
  fuse?.run();
  expect(useView.getState().fusing).toEqual(["a", "d"]);
});
