import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { actionNames, actions, findAction } from "../../../lib/core/actions";
import { actionOf } from "../rig/acting";

/** One input for each action, with what it is said to do and the node it is about. */
const examples: Record<string, [input: object, summary: string, target?: string]> = {
  "step.add": [{ id: "a", command: ["x"] }, "add step a", "a"],
  "step.edit": [{ id: "a", name: "A", unset: ["cwd"] }, "change name, cwd of step a", "a"],
  "step.rm": [{ id: "a" }, "remove step a", "a"],
  "step.clone": [{ id: "a", new: "b" }, "copy step a as b", "b"],
  "dep.add": [{ step: "a", dep: "b" }, "make a wait for b", "a"],
  "dep.rm": [{ step: "a", dep: "b" }, "let a no longer wait for b", "a"],
  "gate.insert": [{ id: "g", name: "G" }, "add gate g", "g"],
  "gate.approve": [{ id: "g" }, "approve gate g", "g"],
  "gate.block": [{ id: "g" }, "block gate g", "g"],
  "gate.edit": [{ id: "g", name: "G", unset: ["shows"] }, "change name, shows of gate g", "g"],
  "gate.rm": [{ id: "g" }, "remove gate g", "g"],
  "sequence.change": [{ calls: [{ action: "step.rm", input: { id: "a" } }] }, "remove step a"],
  "layout.place": [{ positions: { a: { x: 1, y: 2 } } }, "place a"],
  "gate.reject": [
    { id: "g", reason: "too long", back_to: "a" },
    "reject gate g and send the work back to a",
    "g",
  ],
  "run.start": [{ scope: "group", id: "g1" }, "run group g1", "g1"],
  "run.stop": [{ id: "a" }, "stop step a", "a"],
  "step.restart": [{ id: "a" }, "restart step a", "a"],
  "sequence.undo": [{}, "undo the last change"],
  "sequence.redo": [{ any: true }, "redo the change that was undone last"],
  "proposal.approve": [{ id: "p" }, "approve proposal p", "p"],
  "proposal.reject": [{ id: "p", reason: "no" }, "reject proposal p", "p"],
  "policy.mode": [{ mode: "POWER" }, "switch to mode POWER"],
  "policy.sandbox": [{ sandbox: "required" }, "run every step in a sandbox"],
  "group.parallelize": [{ ids: ["a", "b"], group_id: "g1" }, "let a, b run side by side as group g1", "g1"],
  "fusion.create": [{ candidates: ["a", "b"], synth: "s" }, "fuse a, b into s", "s"],
  "fusion.pick": [{ candidate: "b" }, "bring the changes of b into the workspace", "b"],
  "worktree.gc": [{}, "remove worktrees that nothing needs"],
  "template.apply": [{ type: "base", id: "x" }, "apply template base as x", "x"],
  "prompt.edit": [{ id: "a", text: "do it" }, "write the prompt of step a (5 characters)", "a"],
  "sequence.write": [{ text: "version: 1\nname: s\n" }, "replace the whole text of the sequence (3 lines)"],
  "sequence.edit": [{ name: "S", unset: ["params"] }, "change name, params of the sequence"],
  "run.cancel": [{}, "cancel the run"],
  "step.rerun": [{ id: "a", downstream: true }, "re-run step a with what depends on it", "a"],
};

test("every action has its example here", () => {
  expect(Object.keys(examples).toSorted()).toEqual(actionNames.toSorted());
  expect(new Set(actionNames).size).toBe(actions.length);
});

describe.each(Object.entries(examples))("the action %s", (name, [input, summary, target]) => {
  const action = actionOf(name);

  test("says what it takes as JSON Schema, for help, forms and tools", () => {
    const schema = z.toJSONSchema(action.input, { io: "input" });
    expect(schema).toMatchObject({ type: "object", additionalProperties: false });
    for (const key of action.positional ?? []) expect(Object.keys(schema.properties ?? {})).toContain(key);
  });

  test("takes its example, says what it does with it and what it is about", () => {
    const parsed = action.input.parse(input);
    expect(action.summary(parsed)).toBe(summary);
    expect(action.target?.(parsed)).toBe(target as string);
  });

  test("takes no key that it does not know", () => {
    expect(action.input.safeParse({ ...input, no_such_key: 1 }).success).toBe(false);
  });

  test("is called noun.verb and has a title that reads well", () => {
    expect(name).toMatch(/^[a-z]+\.[a-z]+$/);
    expect(action.title).toMatch(/^[A-Z].*[^.]$/);
  });
});

test("the risks are those of design §8", () => {
  const risks = Object.fromEntries(
    Object.entries(examples).map(([name, [input]]) => {
      const { risk, input: schema } = actionOf(name);
      return [name, typeof risk === "function" ? risk(schema.parse(input)) : risk];
    }),
  );
  expect(risks).toEqual({
    "step.add": "edit",
    "step.edit": "edit",
    "step.rm": "remove",
    "step.clone": "edit",
    "dep.add": "edit",
    "dep.rm": "edit",
    "gate.insert": "edit",
    "gate.approve": "decide",
    "gate.block": "stop",
    "gate.edit": "edit",
    "gate.rm": "remove",
    "sequence.change": "remove",
    "layout.place": "edit",
    "gate.reject": "run",
    "run.start": "run",
    "run.stop": "stop",
    "step.restart": "run",
    "sequence.undo": "edit",
    "sequence.edit": "edit",
    "sequence.redo": "edit",
    "fusion.create": "edit",
    "fusion.pick": "run",
    "worktree.gc": "edit",
    "group.parallelize": "edit",
    "prompt.edit": "edit",
    "sequence.write": "edit",
    "template.apply": "edit",
    "run.cancel": "stop",
    "step.rerun": "run",
    "proposal.approve": "decide",
    "proposal.reject": "stop",
    "policy.mode": "widen",
    "policy.sandbox": "narrow",
  });
  const { risk } = actionOf("policy.mode");
  expect(typeof risk === "function" && risk({ mode: "SAFE" })).toBe("narrow");
});

test("switching the mode changes the mode and nothing else of the policy", () => {
  const { effect } = actionOf("policy.mode");
  if (effect.kind !== "policy") throw new Error("it is a policy action");
  const before = { max_concurrent: 2, mode: "SAFE" } as const;
  expect(effect.apply(before, { mode: "POWER" })).toEqual({
    ok: true,
    value: { max_concurrent: 2, mode: "POWER" },
  });
  expect(before.mode).toBe("SAFE");
});

test("undo, redo and decisions on proposals hand on what they were told", () => {
  const undo = actionOf("sequence.undo").effect;
  expect(undo).toMatchObject({ kind: "history", direction: "undo" });
  expect(undo.kind === "history" && [undo.any({}), undo.any({ any: true })]).toEqual([false, true]);
  const reject = actionOf("proposal.reject").effect;
  expect(reject).toMatchObject({ kind: "proposal", decision: "reject" });
  expect(reject.kind === "proposal" && reject.id({ id: "p" })).toBe("p");
});

test("a name that is none finds nothing", () => {
  expect(findAction("step.fly")).toBeUndefined();
  expect(findAction("__proto__")).toBeUndefined();
});
