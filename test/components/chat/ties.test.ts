import { expect, test } from "bun:test";
import { tiedTo, toggled } from "../../../components/chat/ties";
import { understand } from "../../../lib/core/chat/understand";
import type { Sequence } from "../../../lib/core/sequence/schema";
import { worldOf } from "../../core/chat/rig";

const dep = (action: "dep.add" | "dep.rm", step: string, dep: string) => ({ action, input: { step, dep } });
const rm = (id: string) => ({ action: "step.rm", input: { id } });

test("what frees others of a step that goes is left out with the removal, and comes back with it", () => {
  const calls = [
    dep("dep.add", "ship", "lint"),
    dep("dep.add", "review", "build"),
    dep("dep.rm", "review", "pack"),
    rm("pack"),
    dep("dep.rm", "review", "docs"),
  ];
  const without = toggled(calls, new Set(), 3);
  expect([...without].sort()).toEqual([1, 2, 3]);
  expect(toggled(calls, without, 3).size).toBe(0);
});

test("each action can still be left out for itself, and nothing hangs on what removes nothing", () => {
  const calls = [dep("dep.rm", "review", "pack"), rm("pack")];
  expect([...toggled(calls, new Set(), 0)]).toEqual([0]);
  expect(tiedTo(calls, 0)).toEqual([]);
  expect(tiedTo(calls, 7)).toEqual([]);
});

test("of a removal as the chat proposes it nothing stays without the removal", () => {
  const steps: Sequence["steps"] = [
    { id: "build", command: ["true"] },
    { id: "pack", command: ["true"], depends_on: ["build"] },
    { id: "ship", command: ["true"], depends_on: ["pack"] },
  ];
  const read = understand("remove pack", worldOf(steps));
  if (read.kind !== "calls") throw new Error(read.kind);
  const at = read.calls.findIndex(({ action }) => action === "step.rm");
  expect(toggled(read.calls, new Set(), at).size).toBe(read.calls.length);
});
