import { expect, test } from "bun:test";
import { applyFact } from "../../../lib/core/engine/run";
import { nowhere } from "../../../lib/core/policy/judge-command";
import { type Claim, judgeEdit, mayWritePrompt } from "../../../lib/core/policy/mandate";
import { effectivePolicy } from "../../../lib/core/policy/policy";
import type { Sequence } from "../../../lib/core/sequence/schema";
import { value } from "../../rig/sequence";
import { edit, runWith } from "../rig/acting";
import { gate, node, planOf, sequenceOf } from "../rig/plans";

const held = { orchestrator: "lead", sandbox: "required" as const };
const sequence: Sequence = sequenceOf(
  [
    node("lead", [], { type: "b" }),
    node("theirs", ["g"], held),
    node("own", ["g"], held),
    node("plain", [], { orchestrator: "lead" }),
    node("foreign"),
  ],
  [gate("g")],
);

/** The claim of the boss `lead`, who was granted ten steps and has added `own` and `plain`. */
function claim(confirmed = false): Claim {
  const plan = planOf(sequence);
  const run = runWith({ lead: "running" });
  applyFact(run, { type: "steps.requested", steps: [], by: "user", mandates: { lead: 10 } }, 1);
  applyFact(run, { type: "plan.amended", revision: "r", by: "lead", added: ["own", "plain"] }, 1);
  const policy = effectivePolicy({ version: 1, allowed_commands: ["true"] }, sequence);
  return { attempt: { run: "r", step: "lead", attempt: 1 }, plan, run, policy, world: nowhere, confirmed };
}

const judged = (action: string, input: object, confirmed = false) =>
  value(judgeEdit(claim(confirmed), value(edit(action, sequence, input))));

test.each<[string, object]>([
  ["step.add", { id: "new", command: ["true"] }],
  ["step.add", { id: "new", command: ["true"], retry: { limit: 0 } }],
  ["step.edit", { id: "own", description: "mine" }],
  ["step.edit", { id: "own", depends_on: ["g", "plain"] }],
  ["step.edit", { id: "plain", command: ["true", "more"] }],
  ["step.rm", { id: "plain" }],
])("a boss may by itself: %s %j", (action, input) => {
  expect(judged(action, input)?.free).toBe(true);
  // But not where rules ask a person about it, whatever was granted.
  expect(judged(action, input, true)?.free).toBe(false);
});

test.each<[string, object]>([
  ["step.add", { id: "new", command: ["false"] }],
  ["step.add", { id: "new", command: ["true"], loop: { until: "exit_code == 0", max: 2 } }],
  ["step.add", { id: "new", command: ["true"], retry: { limit: 1 } }],
  ["step.add", { id: "new", command: ["true"], fanout: 2 }],
  ["step.add", { id: "new", command: ["true"], network: true }],
  ["step.add", { id: "new", command: ["true"], env: { A: "b" } }],
  ["step.edit", { id: "theirs", description: "mine" }],
  ["step.edit", { id: "theirs", depends_on: [] }],
  ["step.edit", { id: "theirs", when: "true" }],
  ["step.edit", { id: "theirs", join: "any" }],
  ["step.edit", { id: "theirs", unset: ["sandbox"] }],
  ["step.rm", { id: "theirs" }],
  ["step.edit", { id: "own", depends_on: ["plain"] }],
  ["step.edit", { id: "own", unset: ["sandbox"] }],
  ["step.rm", { id: "own" }],
  ["step.edit", { id: "foreign", description: "mine" }],
  ["step.edit", { id: "lead", description: "mine" }],
  ["gate.insert", { id: "h", name: "H" }],
])("a boss needs a person for: %s %j", (action, input) => {
  expect(judged(action, input)?.free).toBe(false);
});

test("a boss writes the prompts of the workers that it has added, and no others", () => {
  const may = (id: string) => mayWritePrompt(claim(), id);
  expect(["own", "plain", "theirs", "foreign", "lead"].filter(may)).toEqual(["own", "plain"]);
});
