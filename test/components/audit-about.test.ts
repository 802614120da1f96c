import { expect, test } from "bun:test";
import { aboutOf } from "../../components/dock/audit-about";

const target = "01J0000000000000000000000A";

test("a row about a proposal tells what it was, and not the id that nobody knows", () => {
  const payload = { summary: "retry lint twice", calls: [] };
  for (const action of ["proposal.approve", "proposal.reject", "chat.propose"])
    expect(aboutOf({ action, target, payload })).toEqual({ text: "retry lint twice", isWords: true });
});

test("where nothing is known of it, and of everything else, it is the target", () => {
  expect(aboutOf({ action: "proposal.approve", target, payload: { input: { id: target } } })).toEqual({
    text: target,
    isWords: false,
  });
  expect(aboutOf({ action: "step.edit", target: "lint", payload: { summary: "no" } }).text).toBe("lint");
  expect(aboutOf({ action: "run.cancel", target: null, payload: null }).text).toBe("");
});
