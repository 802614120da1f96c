import { expect, test } from "bun:test";
import { findAction } from "../../../lib/core/actions";
import type { Result } from "../../../lib/core/result";
import type { Sequence } from "../../../lib/core/sequence/schema";
import { edit } from "../../rig/sequence";
import { callsOf, fill, onSettings, type Setting } from "./rig";

type Calls = [string, Record<string, unknown>][];

/** What people say, and what it has to come to. */
const intents: Record<string, { say: string[]; calls: (s: Setting) => Calls }> = {
  "add a step": {
    say: [
      "add a step {n}",
      "please create a new step called {n}",
      "I want a step named {n}",
      "could you add {n}?",
    ],
    calls: ({ n }) => [["step.add", { id: n }]],
  },
  "add a step after another": {
    say: [
      "add a step {n} after {b}",
      "put a new task {n} behind {b}, please",
      "create a step {n} that runs after {b}",
      "once {b} is done, add {n}",
      "I'd like to have a step {n} that comes right after {b}",
    ],
    calls: ({ n, b }) => [["step.add", { id: n, depends_on: [b] }]],
  },
  "add a step before another": {
    say: ["add a step {n} before {e}", "insert {n} ahead of {e}", "put a step called {n} in front of {e}"],
    calls: ({ n, e }) => [
      ["step.add", { id: n }],
      ["dep.add", { step: e, dep: n }],
    ],
  },
  "add at the end": {
    say: [
      "add {n} at the end",
      "append a step {n} to the end of the pipeline",
      "put a step {n} at the very end",
    ],
    calls: ({ n, c, e, g }) => [["step.add", { id: n, depends_on: [c, e, g] }]],
  },
  "insert between two": {
    say: [
      "insert {n} between {a} and {b}",
      "add a step {n} in between {a} and {b}",
      "put {n} after {a} and before {b}",
      "squeeze a step {n} between {a} and {b}",
    ],
    calls: ({ n, a, b }) => [
      ["step.add", { id: n, depends_on: [a] }],
      ["dep.add", { step: b, dep: n }],
      ["dep.rm", { step: b, dep: a }],
    ],
  },
  "add with a command": {
    say: [
      'add {n} after {a} with command "npm run lint"',
      'create a step {n} that runs "npm run lint" after {a}',
      "add a step {n} with the command `npm run lint` behind {a}",
      'after {a}, add a step {n} running "npm run lint"',
      "add {n} after {a} that runs npm run lint",
    ],
    calls: ({ n, a }) => [["step.add", { id: n, command: ["npm", "run", "lint"], depends_on: [a] }]],
  },
  "add with a line for the shell": {
    say: [
      'add {n} with command "make | tee out.txt"',
      "create a step {n} that executes 'make | tee out.txt'",
      'new step {n} with the command "make | tee out.txt"',
    ],
    calls: ({ n }) => [["step.add", { id: n, command: "make | tee out.txt" }]],
  },
  "add with words in JSON": {
    say: [
      'add {n} with command ["echo", "a b"]',
      'create a step {n} that runs ["echo","a b"]',
      'add a step named {n} with the command ["echo", "a b"]',
    ],
    calls: ({ n }) => [["step.add", { id: n, command: ["echo", "a b"] }]],
  },
  "add an agent's step": {
    say: [
      "add a step {n} with claude after {a}",
      "add a claude step {n} after {a}",
      "create {n} after {a} run by claude code",
    ],
    calls: ({ n, a }) => [
      ["step.add", { id: n, model: "claude-code", prompt: `prompts/${n}.md`, depends_on: [a] }],
    ],
  },
  "add an agent's step with its prompt": {
    say: [
      'add a codex step {n} with prompt "Mend it."',
      'add {n} using codex with the prompt "Mend it."',
      'create a step {n} by codex and tell it to "Mend it."',
    ],
    calls: ({ n }) => [
      ["step.add", { id: n, model: "codex", prompt: `prompts/${n}.md` }],
      ["prompt.edit", { id: n, text: "Mend it.\n" }],
    ],
  },
  "add two steps": {
    say: [
      "add {n} and {m} after {a}",
      "create steps {n} and {m} behind {a}",
      "after {a} add {n}, {m}",
      "put two steps {n} and {m} after {a}",
    ],
    calls: ({ n, m, a }) => [
      ["step.add", { id: n, depends_on: [a] }],
      ["step.add", { id: m, depends_on: [a] }],
    ],
  },
  "add two in a row": {
    say: [
      "add {n} and {m} one after the other after {a}",
      "add {n} and {m} in a row behind {a}",
      "create {n}, {m} in this order after {a}",
    ],
    calls: ({ n, m, a }) => [
      ["step.add", { id: n, depends_on: [a] }],
      ["step.add", { id: m, depends_on: [n] }],
    ],
  },
  "add steps, then a gate": {
    say: [
      "add {n} and {m} after {a}, then a gate before {b}",
      "add {n} and {m} after {a} and put a gate before {b}",
      "create {n} and {m} after {a}. Then add a gate in front of {b}.",
    ],
    calls: ({ n, m, a, b }) => [
      ["step.add", { id: n, depends_on: [a] }],
      ["step.add", { id: m, depends_on: [a] }],
      ["gate.insert", { id: `${b}-gate`, name: `Go on to ${b}?`, depends_on: [a], shows: [a] }],
      ["dep.add", { step: b, dep: `${b}-gate` }],
      ["dep.rm", { step: b, dep: a }],
    ],
  },
  "add and run": {
    say: [
      "add {n} after {a} and run it",
      "create a step {n} after {a}, then start it",
      "add {n} behind {a} and then execute that step",
    ],
    calls: ({ n, a }) => [
      ["step.add", { id: n, depends_on: [a] }],
      ["run.start", { scope: "step", id: n }],
    ],
  },
  "a gate before": {
    say: [
      "put a gate before {c}",
      "I want a gate in front of {c}",
      "there should be a gate before {c}",
      "ask me before {c}",
      "{c} needs a sign-off first",
      "I want someone to approve before {c}",
      "stop for review before {c}",
      "add a gate ahead of {c}",
    ],
    calls: ({ b, c, d }) => [
      ["gate.insert", { id: `${c}-gate`, name: `Go on to ${c}?`, depends_on: [b, d], shows: [b, d] }],
      ["dep.add", { step: c, dep: `${c}-gate` }],
      ["dep.rm", { step: c, dep: b }],
      ["dep.rm", { step: c, dep: d }],
    ],
  },
  "a gate after": {
    say: ["put a gate after {a}", "add a gate behind {a}", "insert a gate right after {a}"],
    calls: ({ a, b }) => [
      ["gate.insert", { id: `${a}-gate`, name: `Go on after ${a}?`, depends_on: [a], shows: [a] }],
      ["dep.add", { step: b, dep: `${a}-gate` }],
      ["dep.rm", { step: b, dep: a }],
    ],
  },
  "a gate between": {
    say: [
      "put a gate between {b} and {c}",
      "insert a gate in between {b} and {c}",
      "add a gate after {b} and before {c}",
    ],
    calls: ({ b, c }) => [
      ["gate.insert", { id: `${c}-gate`, name: `Go on to ${c}?`, depends_on: [b], shows: [b] }],
      ["dep.add", { step: c, dep: `${c}-gate` }],
      ["dep.rm", { step: c, dep: b }],
    ],
  },
  "a gate with a name": {
    say: [
      'put a gate before {b} called "Ship it?"',
      'add a gate named "Ship it?" before {b}',
      'insert a gate in front of {b} with the title "Ship it?"',
    ],
    calls: ({ a, b }) => [
      ["gate.insert", { id: "ship-it", name: "Ship it?", depends_on: [a], shows: [a] }],
      ["dep.add", { step: b, dep: "ship-it" }],
      ["dep.rm", { step: b, dep: a }],
    ],
  },
  rename: {
    say: [
      'rename {a} to "Build it all"',
      'call {a} "Build it all"',
      'change the name of {a} to "Build it all"',
      'give {a} the name "Build it all"',
    ],
    calls: ({ a }) => [["step.edit", { id: a, name: "Build it all" }]],
  },
  "remove a step nothing waits for": {
    say: [
      "remove {e}",
      "please delete the step {e}",
      "get rid of {e}",
      "we don't need {e} any more",
      "take {e} out",
      "{e} can go",
    ],
    calls: ({ e }) => [["step.rm", { id: e }]],
  },
  "remove a step in the middle": {
    say: ["remove {d}", "drop the {d} step", "throw away {d}"],
    calls: ({ c, d }) => [
      ["dep.rm", { step: c, dep: d }],
      ["step.rm", { id: d }],
    ],
  },
  "remove a step and bridge it": {
    say: ["remove {b}", "delete {b} from the sequence", "get rid of the step {b}"],
    calls: ({ a, b, c, g }) => [
      ["dep.add", { step: c, dep: a }],
      ["dep.rm", { step: c, dep: b }],
      ["dep.add", { step: g, dep: a }],
      ["dep.rm", { step: g, dep: b }],
      ["step.rm", { id: b }],
    ],
  },
  "remove two": {
    say: ["remove {e} and {d}", "delete the steps {e} and {d}", "drop {e}, {d}"],
    calls: ({ c, d, e }) => [
      ["dep.rm", { step: c, dep: d }],
      ["step.rm", { id: e }],
      ["step.rm", { id: d }],
    ],
  },
  wire: {
    say: [
      "make {e} depend on {a}",
      "{e} should wait for {a}",
      "connect {a} to {e}",
      "{a} -> {e}",
      "run {e} after {a}",
      "let {e} wait until {a} is done",
      "{a} must run before {e}",
      "add {a} as a dependency of {e}",
    ],
    calls: ({ a, e }) => [["dep.add", { step: e, dep: a }]],
  },
  "wire two": {
    say: ["make {e} depend on {a} and {b}", "{e} needs {a} and {b}", "let {e} wait for {a} and {b}"],
    calls: ({ a, b, e }) => [
      ["dep.add", { step: e, dep: a }],
      ["dep.add", { step: e, dep: b }],
    ],
  },
  unwire: {
    say: [
      "{c} no longer depends on {d}",
      "disconnect {d} from {c}",
      "remove the dependency between {c} and {d}",
      "{c} doesn't need {d} any more",
      "{c} should stop waiting for {d}",
      "don't make {c} wait for {d}",
    ],
    calls: ({ c, d }) => [["dep.rm", { step: c, dep: d }]],
  },
  parallelise: {
    say: [
      "run {d} and {e} in parallel",
      "parallelise {d} {e}",
      "{d} and {e} should run side by side",
      "run {d} alongside {e}",
      "let {d} and {e} run at the same time",
    ],
    calls: ({ d, e }) => [["group.parallelize", { ids: [d, e] }]],
  },
  "parallelise three": {
    say: [
      "parallelize {a}, {d} and {e}",
      "run {a}, {d} and {e} concurrently",
      "make {a}, {d}, {e} run in parallel",
    ],
    calls: ({ a, d, e }) => [["group.parallelize", { ids: [a, d, e] }]],
  },
  "a named group": {
    say: [
      "group {d} and {e} as checks",
      "put {d} and {e} in a group called checks",
      "make a group called checks of {d} and {e}",
    ],
    calls: ({ d, e }) => [["group.parallelize", { ids: [d, e], group_id: "checks" }]],
  },
  "candidates, then fuse": {
    say: [
      "three candidates for {b}, then fuse",
      "try {b} three times and pick the best",
      "make 3 attempts at {b} and merge them",
      "I want three versions of {b}, then fuse them",
      "have 3 agents try {b} and merge the best",
      "run 3 attempts at {b} in parallel and fuse the results",
    ],
    calls: ({ b, c, g }) => [
      ["step.clone", { id: b, new: `${b}-3` }],
      ["step.clone", { id: b, new: `${b}-2` }],
      ["step.add", { id: `${b}-synth`, command: ["echo", `${b}-synth: put the real command here`] }],
      ["fusion.create", { candidates: [b, `${b}-2`, `${b}-3`], synth: `${b}-synth` }],
      ["dep.add", { step: c, dep: `${b}-synth` }],
      ["dep.rm", { step: c, dep: b }],
      ["dep.add", { step: g, dep: `${b}-synth` }],
      ["dep.rm", { step: g, dep: b }],
    ],
  },
  "fuse what is there": {
    say: [
      "fuse {a} and {d} into {e}",
      "combine the results of {a} and {d} in {e}",
      "merge {a} and {d} into {e}",
    ],
    calls: ({ a, d, e }) => [["fusion.create", { candidates: [a, d], synth: e }]],
  },
  "apply a template": {
    say: [
      "apply the chained template with phases {n} and {m}",
      "add a chained thread with phases {n}, {m}",
      "use the chained template with the phases {n} and {m}",
    ],
    calls: ({ n, m }) => [["template.apply", { type: "chained", phases: [n, m] }]],
  },
  "apply a template somewhere": {
    say: [
      "apply the parallel template with 4 workers after {a}",
      "add a parallel thread with four workers behind {a}",
      "use template parallel with 4 workers after {a}",
    ],
    calls: ({ a }) => [["template.apply", { type: "parallel", depends_on: [a], workers: 4 }]],
  },
  "set the timeout": {
    say: [
      "set the timeout of {a} to 5 minutes",
      "give {a} a timeout of 300s",
      "limit {a} to five minutes",
      "{a} should time out after 5 min",
      "{a}'s timeout should be 5m",
      "set a 5 minute timeout on {a}",
      "change {a}'s time limit to 300 seconds",
    ],
    calls: ({ a }) => [["step.edit", { id: a, timeout_ms: 300_000 }]],
  },
  "set the retries": {
    say: [
      "retry {a} three times",
      "set the retries of {a} to 3",
      "give {a} 3 retries",
      "if {a} fails, retry it 3 times",
      "add 3 retries to {a}",
    ],
    calls: ({ a }) => [["step.edit", { id: a, retry: { limit: 3 } }]],
  },
  "set the command": {
    say: [
      'set the command of {a} to "make all"',
      "change {a}'s command to `make all`",
      'let {a} run "make all"',
      'update the command for {a} to "make all"',
    ],
    calls: ({ a }) => [["step.edit", { id: a, command: ["make", "all"] }]],
  },
  "set the priority": {
    say: ["set the priority of {a} to 10", "give {a} a priority of 10", "bump {a}'s priority to 10"],
    calls: ({ a }) => [["step.edit", { id: a, priority: 10 }]],
  },
  "set the description": {
    say: [
      'set the description of {a} to "Makes it."',
      'give {a} the description "Makes it."',
      'change {a}\'s description to "Makes it."',
    ],
    calls: ({ a }) => [["step.edit", { id: a, description: "Makes it." }]],
  },
  "set the agent": {
    say: ["use claude for {a}", "let claude code do {a}", "run {a} with claude-code"],
    calls: ({ a }) => [["step.edit", { id: a, model: "claude-code", unset: ["command"] }]],
  },
  "set a variable": {
    say: [
      "set the environment variable CI to 1 for {a}",
      "set env CI=1 for {a}",
      "add env variable CI=1 to {a}",
    ],
    calls: ({ a }) => [["step.edit", { id: a, env: { CI: "1" } }]],
  },
  tag: {
    say: ["tag {a} with fast and cheap", "tag {a} as fast, cheap", "set the tags of {a} to fast, cheap"],
    calls: ({ a }) => [["step.edit", { id: a, tags: ["fast", "cheap"] }]],
  },
  "fan out": {
    say: ["fan {a} out 4 times", "run {a} four times in parallel", "run 4 instances of {a}"],
    calls: ({ a }) => [["step.edit", { id: a, fanout: 4 }]],
  },
  "bear a failure": {
    say: ["{a} may fail", "continue even if {a} fails", "ignore failures of {a}"],
    calls: ({ a }) => [["step.edit", { id: a, continue_on_error: true }]],
  },
  "clear a key": {
    say: ["remove the timeout of {a}", "clear the timeout for {a}", "{a} should have no timeout"],
    calls: ({ a }) => [["step.edit", { id: a, unset: ["timeout_ms"] }]],
  },
  duplicate: {
    say: [
      "duplicate {a} as {n}",
      "copy {a} to {n}",
      "make a copy of {a} called {n}",
      "clone {a} and call it {n}",
    ],
    calls: ({ a, n }) => [["step.clone", { id: a, new: n }]],
  },
  "go on behind a quoted text": {
    say: [
      'add a step {n} after {a} with command "npm run lint" and rename {b} to "Think first"',
      'add {n} after {a} with the command "npm run lint", then rename {b} to "Think first"',
      'add {n} after {a} running "npm run lint", and also rename {b} to "Think first"',
    ],
    calls: ({ a, b, n }) => [
      ["step.add", { id: n, command: ["npm", "run", "lint"], depends_on: [a] }],
      ["step.edit", { id: b, name: "Think first" }],
    ],
  },
  "write a prompt": {
    say: [
      'set the prompt of {a} to "Mend the tests."',
      'tell {a} to "Mend the tests."',
      'change {a}\'s prompt to "Mend the tests."',
    ],
    calls: ({ a }) => [["prompt.edit", { id: a, text: "Mend the tests.\n" }]],
  },
};

/** What the edits among calls make of the setting's sequence, one upon the other. */
function outcome(calls: Calls, { world }: Setting): Result<Sequence> {
  let result: Result<Sequence> = { ok: true, value: world.sequence };
  for (const [action, input] of calls)
    if (result.ok && findAction(action)?.effect.kind === "edit") result = edit(action, result.value, input);
  return result;
}

test("there are at least three wordings of each", () => {
  expect(Object.values(intents).filter(({ say }) => new Set(say).size < 3)).toEqual([]);
});

test.each(Object.entries(intents))("%s", (_, { say, calls }) => {
  onSettings((setting) => {
    for (const wording of say) {
      const message = fill(wording, setting);
      expect([message, callsOf(message, setting.world)]).toEqual([message, calls(setting)]);
    }
    expect(outcome(calls(setting), setting)).toMatchObject({ ok: true });
  });
});
