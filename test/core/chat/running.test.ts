import { expect, test } from "bun:test";
import type { Reading } from "../../../lib/core/chat/reading";
import { understand } from "../../../lib/core/chat/understand";
import { callsOf, fill, onSettings, type Setting, worldOf } from "./rig";

type Calls = [string, Record<string, unknown>][];

const intents: Record<string, { say: string[]; calls: (s: Setting) => Calls }> = {
  "run all": {
    say: ["run", "run everything", "please start the whole pipeline", "let's go", "kick off the sequence"],
    calls: () => [["run.start", { scope: "all" }]],
  },
  "run what is ready": {
    say: ["run what is ready", "start all runnable steps", "launch everything that's ready"],
    calls: () => [["run.start", { scope: "runnable" }]],
  },
  "run a step": {
    say: ["run {d}", "start the step {d}", "please execute {d} now"],
    calls: ({ d }) => [["run.start", { scope: "step", id: d }]],
  },
  "run some steps": {
    say: ["run {a} and {d}", "run only {a} and {d}", "execute just {a}, {d}"],
    calls: ({ a, d }) => [["run.start", { scope: "all", only: [a, d] }]],
  },
  "run from": {
    say: ["run from {b}", "resume from {b} onwards", "continue from {b}", "run {b} and everything after it"],
    calls: ({ b }) => [["run.start", { scope: "all", from: b }]],
  },
  "run up to": {
    say: ["run up to {b}", "run everything until {b}", "start the pipeline up to {b}"],
    calls: ({ b }) => [["run.start", { scope: "all", to: b }]],
  },
  "run a stretch": {
    say: ["run from {a} to {c}", "run everything from {a} until {c}", "execute from {a} up to {c}"],
    calls: ({ a, c }) => [["run.start", { scope: "all", from: a, to: c }]],
  },
  "run by tag": {
    say: ["run the steps tagged fast", "run everything with the tag fast", "start all steps with tag fast"],
    calls: () => [["run.start", { scope: "all", tags: ["fast"] }]],
  },
  "run anew": {
    say: ["start over", "run everything from scratch", "start a new run", "run it all again"],
    calls: () => [["run.start", { scope: "all", new: true }]],
  },
  "run with parameters": {
    say: [
      "run with target=prod",
      "run everything with target=prod",
      "start the pipeline with the param target=prod",
    ],
    calls: () => [["run.start", { scope: "all", params: { target: "prod" } }]],
  },
  stop: {
    say: ["stop {d}", "kill the step {d}", "please abort {d}", "halt {d} right away"],
    calls: ({ d }) => [["run.stop", { id: d }]],
  },
  cancel: {
    say: ["cancel the run", "stop everything", "abort the whole run", "give up on the run"],
    calls: () => [["run.cancel", {}]],
  },
  restart: {
    say: ["restart {b}", "retry {b}", "try {b} again", "relaunch the step {b}", "stop and restart {b}"],
    calls: ({ b }) => [["step.restart", { id: b }]],
  },
  rerun: {
    say: ["rerun {a}", "run {a} again", "repeat {a} once more", "redo {a}"],
    calls: ({ a }) => [["step.rerun", { id: a }]],
  },
  "rerun downstream": {
    say: [
      "rerun {a} with everything after it",
      "rerun {a} and its dependents",
      "re-run {a} including everything downstream",
      "repeat {a} and all that depends on it",
    ],
    calls: ({ a }) => [["step.rerun", { id: a, downstream: true }]],
  },
  "retry what failed": {
    say: [
      "retry what failed",
      "rerun the failed steps",
      "try the failed ones again",
      "restart everything that has failed",
    ],
    calls: ({ b }) => [["step.restart", { id: b }]],
  },
  "block a gate": {
    say: ["block {g}", "reject the gate {g}", "do not approve {g}", "say no at {g}"],
    calls: ({ g }) => [["gate.block", { id: g }]],
  },
  undo: {
    say: ["undo", "undo the last change", "please revert that", "take back the last change"],
    calls: () => [["sequence.undo", {}]],
  },
  redo: {
    say: ["redo", "redo the last change", "undo the undo", "bring it back"],
    calls: () => [["sequence.redo", {}]],
  },
  "switch to POWER": {
    say: ["switch to POWER", "use power mode", "turn on power mode", "change the mode to power"],
    calls: () => [["policy.mode", { mode: "POWER" }]],
  },
  "switch to SAFE": {
    say: ["switch back to SAFE", "safe mode on", "set the mode to safe", "leave power mode"],
    calls: () => [["policy.mode", { mode: "SAFE" }]],
  },
};

test.each(Object.entries(intents))("%s", (_, { say, calls }) => {
  expect(new Set(say).size).toBeGreaterThan(2);
  onSettings((setting) => {
    for (const wording of say) {
      const message = fill(wording, setting);
      expect([message, callsOf(message, setting.world)]).toEqual([message, calls(setting)]);
    }
  });
});

const questions: Record<string, { say: string[]; read: (s: Setting) => Partial<Reading> }> = {
  why: {
    say: [
      "why is {c} blocked?",
      "why isn't {c} running",
      "what is {c} waiting for",
      "explain why {c} is stuck",
      "what's holding {c} up",
      "how come {c} is blocked?",
      "give me the reason why {c} is waiting",
    ],
    read: ({ c }) => ({ kind: "answer", says: `${c} is READY: it is READY` }),
  },
  "what failed": {
    say: [
      "what failed?",
      "which steps failed",
      "is anything broken?",
      "what went wrong",
      "show me the failed steps",
    ],
    read: ({ b }) => ({ kind: "answer", says: `1 failed:\n- ${b}: it is FAILED` }),
  },
  "what is running": {
    say: [
      "what's running?",
      "which steps are running right now",
      "is anything running",
      "show running steps",
    ],
    read: ({ d }) => ({ kind: "answer", says: `1 running:\n- ${d}: it is RUNNING` }),
  },
  log: {
    say: [
      "show me the log of {b}",
      "what did {b} print?",
      "{b}'s output",
      "tail {b}",
      "let me see the logs from {b}",
    ],
    read: ({ b }) => ({ kind: "ask", view: "logs", input: { id: b, from: -4096 } }),
  },
  errors: {
    say: ["show me the stderr of {b}", "show me the error output of {b}", "print {b}'s stderr"],
    read: ({ b }) => ({ kind: "ask", view: "logs", input: { id: b, from: -4096, stream: "stderr" } }),
  },
  needs: {
    say: ["what does {b} depend on?", "what comes before {b}", "show me the dependencies of {b}"],
    read: ({ a, b }) => ({ kind: "answer", says: `'${b}' waits for ${a}.` }),
  },
  dependents: {
    say: ["what depends on {a}?", "what comes after {a}", "which steps wait for {a}"],
    read: ({ a, b }) => ({ kind: "answer", says: `For '${a}' wait ${b}.` }),
  },
  "a step": {
    say: ["show {a}", "describe the step {a}", "show me the definition of {a}"],
    read: ({ a }) => ({ kind: "ask", view: "step", input: { id: a } }),
  },
  files: {
    say: ["which files did {a} leave?", "show the artifacts of {a}", "what did {a} produce"],
    read: ({ a }) => ({ kind: "ask", view: "artifacts", input: { step: a } }),
  },
  inbox: {
    say: ["what waits for me?", "is anything waiting for me", "what do I have to approve", "inbox"],
    read: () => ({ kind: "ask", view: "inbox", input: {} }),
  },
  changes: {
    say: ["what changed?", "show me the diff", "what did I change last"],
    read: () => ({ kind: "ask", view: "sequence.diff", input: {} }),
  },
  audit: {
    say: ["show the audit log", "who did what?", "who changed the sequence"],
    read: () => ({ kind: "ask", view: "audit.tail", input: { n: 10 } }),
  },
  runs: {
    say: ["list the runs", "which runs are there", "show me earlier runs"],
    read: () => ({ kind: "ask", view: "runs.list", input: {} }),
  },
  templates: {
    say: ["which templates are there?", "list templates", "what templates do we have"],
    read: () => ({ kind: "ask", view: "template.list", input: {} }),
  },
  rules: {
    say: ["which mode are we in?", "show the policy", "what rules are in force"],
    read: () => ({ kind: "ask", view: "policy.show", input: {} }),
  },
  count: {
    say: ["how many steps are there?", "how big is the pipeline", "how many steps do we have"],
    read: () => ({ kind: "answer", says: "5 steps and 1 gate" }),
  },
};

test.each(Object.entries(questions))("asking: %s", (_, { say, read }) => {
  expect(new Set(say).size).toBeGreaterThan(2);
  onSettings((setting) => {
    for (const wording of say) {
      const message = fill(wording, setting);
      expect([message, understand(message, setting.world)]).toMatchObject([message, read(setting)]);
    }
  });
});

test.each(["status", "how is it going?", "where are we", "give me an overview", "what's going on?"])(
  "%s: the whole in a few lines",
  (message) => {
    const world = worldOf([{ id: "one" }, { id: "two" }], [{ id: "look", name: "Look" }], { one: "FAILED" });
    expect(understand(message, world)).toEqual({
      kind: "answer",
      says: "2 steps: 1 FAILED, 1 READY. A run is open. Mode SAFE.\n- one: it is FAILED\n- gate look waits for a person",
    });
  },
);
