import { describe, expect, test } from "bun:test";
import { callLine } from "../../components/commands/call-line";
import { actName, whySaid } from "../../components/dialog/act-name";
import type { Question } from "../../components/state/call";
import { sayMode } from "../../components/toolbar/mode-words";
import type { Json } from "../../lib/core/json";
import type { AskedAbout } from "../../lib/core/policy/asked";

const start = (step: string) => ({ step, command: ["true"], class: null, rule: null, gates: [] });
const part = (action: string, summary: string, risk: AskedAbout["parts"][number]["risk"] = "edit") => ({
  action,
  summary,
  risk,
});

function question(parts: AskedAbout["parts"], starts: string[] = [], more: Partial<Question> = {}): Question {
  const about: AskedAbout = {
    call: { action: "x", input: {} },
    parts,
    changes: { fields: [], nodes: [], reordered: false },
    starts: starts.map(start),
    follows: [],
    beside: [],
    undone: true,
  };
  return { summary: parts[0]?.summary ?? "", times: 1, why: "", shows: [], confirm: "", about, ...more };
}

describe("the button that agrees names what is done", () => {
  test.each<[string, Question]>([
    ["Run 4 steps", question([part("run.start", "run the sequence", "run")], ["a", "b", "c", "d"])],
    ["Run step a", question([part("run.start", "run step a", "run")], ["a", "a"])],
    ["Run the sequence", question([part("run.start", "run the sequence", "run")])],
    ["Remove step build", question([part("step.rm", "remove step build", "remove")])],
    ["Switch to POWER", question([part("policy.mode", "switch to mode POWER", "widen")])],
    ["Approve gate ship", question([part("gate.approve", "approve gate ship", "decide")])],
    ["Change step a", question([part("step.edit", "change command, timeout_ms, retry of step a")])],
    [
      "Replace the text",
      question([part("sequence.write", "replace the whole text of the sequence (9 lines)")]),
    ],
    [
      "Re-run 3 steps",
      question(
        [part("step.rerun", "re-run step a-long-name-of-a-step with what depends on it", "run")],
        ["a", "b", "c"],
      ),
    ],
    ["Re-run step a", question([part("step.rerun", "re-run step a", "run")], ["a"])],
    ["Restart step flaky", question([part("step.restart", "restart step flaky (1 step: flaky)", "run")])],
    [
      "Reject gate ship, back to build",
      question([part("gate.reject", "reject gate ship and send the work back to build", "run")], ["build"]),
    ],
    ["Stop step a", question([part("run.stop", "stop step a, because: it hangs", "stop")])],
    ["Make 2 changes", question([part("step.add", "add step a"), part("dep.add", "let b wait for a")])],
    [
      "Remove step a",
      question([
        part("step.rm", "remove step a", "remove"),
        part("dep.rm", "cut a from b"),
        part("dep.add", "tie"),
      ]),
    ],
    [
      "Remove 2 steps or gates and make another change",
      question([
        part("step.rm", "remove step a", "remove"),
        part("gate.rm", "remove gate b", "remove"),
        part("step.add", "add step c"),
      ]),
    ],
    [
      "Make the change and run 2 steps",
      question([part("step.add", "add step a"), part("run.start", "run the sequence", "run")], ["a", "b"]),
    ],
    [
      "Remove step a and run step b",
      question([part("step.rm", "remove step a", "remove"), part("run.start", "run", "run")], ["b"]),
    ],
    ["Remove it", { ...question([]), summary: "remove the conversation", act: "Remove it" }],
    ["Undo it all the same", { summary: "undo it all the same", times: 1, why: "", shows: [], confirm: "" }],
  ])("%s", (name, asked) => expect(actName(asked)).toBe(name));
});

test.each([
  ["mode SAFE", "In SAFE mode you are asked once before anything starts or is applied."],
  ["it removes something", "What removes something is asked about twice."],
  ["'build' runs a line through the shell", "'build' runs a line through the shell."],
])("why a person is asked, %s, is a sentence", (why, said) => expect(whySaid(why)).toBe(said));

test("what POWER asks about is told as the rules have it: a removal, too, which undo takes back", () => {
  for (const about of ["removes or destroys", "loosens", "gate", "shell"])
    expect(sayMode("POWER")).toContain(about);
});

describe("the command line of a call", () => {
  test.each<[string, Json, string]>([
    ["run.start", { scope: "all" }, "seqctl run"],
    ["run.start", { scope: "all", new: true }, "seqctl run --new"],
    ["run.start", { scope: "step", id: "a" }, "seqctl run step a"],
    ["step.rm", { id: "build" }, "seqctl step rm build"],
    ["policy.mode", { mode: "POWER" }, "seqctl policy mode POWER"],
    ["proposal.approve", { id: "01ABC" }, "seqctl approve 01ABC"],
    [
      "step.edit",
      { id: "a", command: ["npm", "run", "it's"], depends_on: ["b", "c"], base: "x" },
      `seqctl step edit a --command '["npm","run","it'\\''s"]' --depends-on b,c`,
    ],
  ])("%s of %j", (name, input, line) => expect(callLine(name, input)).toBe(line));
});
