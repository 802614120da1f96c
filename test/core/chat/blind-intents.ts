import { namedBy, needsOfNode, stepOf } from "../../../lib/core/chat/clause";
import type { Reading, World } from "../../../lib/core/chat/reading";
import { toId } from "../../../lib/core/chat/values";
import { placeholderCommand } from "../../../lib/core/sequence/unfinished";
import type { Said, Shape } from "./blind-setting";

/** What a request has to come to. */
export type Expected =
  | { calls: [string, Record<string, unknown>][] }
  | { view: string; input: Record<string, unknown> }
  /** An answer that holds all of these. */
  | { answer: string[] }
  /** A refusal whose suggestions hold this. */
  | { refused: string };

export interface Intent extends Shape {
  expect: (said: Said) => Expected;
}

type Call = [string, Record<string, unknown>];
const calls = (...list: Call[]): Expected => ({ calls: list });
const view = (name: string, input: Record<string, unknown> = {}): Expected => ({ view: name, input });
const words = (cmd: string) => cmd.split(" ");

/** The id as said, else one from the command's first words. */
const newId = (said: Said, key: "a" | "b" | "c") =>
  said.has(key) ? said[key] : toId(words(said.cmd).slice(0, 2).join(" "));

/** The command of a new step, where the wording names one. */
const commandOf = (said: Said) => (said.has("cmd") ? { command: words(said.cmd) } : {});

/** A new step before another does not start before what that one waits for. */
const inPlaceOf = ({ a, world }: Said) => {
  const needs = needsOfNode(world, a);
  return needs.length > 0 ? { depends_on: needs } : {};
};

const edit = (change: (said: Said) => Record<string, unknown>): Intent => ({
  expect: (said) => calls(["step.edit", { id: said.a, ...change(said) }]),
});
const ask = (name: string, input: Record<string, unknown> = {}): Intent => ({
  expect: () => view(name, input),
});

/** What followed a node follows what it waited for, and then it goes. */
function gone(world: World, id: string, action: string): Expected {
  const needs = needsOfNode(world, id);
  const rewired = namedBy(world, id).flatMap((step): Call[] => [
    ...needs
      .filter((dep) => !needsOfNode(world, step).includes(dep))
      .map((dep): Call => ["dep.add", { step, dep }]),
    ["dep.rm", { step, dep: id }],
  ]);
  return calls(...rewired, [action, { id }]);
}

/** A gate between what a step waited for and the step. */
function gateBefore(said: Said): Expected {
  const { a, world } = said;
  const needs = needsOfNode(world, a);
  const shows = needs.filter((need) => stepOf(world, need) !== undefined);
  const id = said.has("g") ? said.g : `${a}-gate`;
  return calls(
    [
      "gate.insert",
      {
        id,
        name: `Go on to ${a}?`,
        ...(needs.length > 0 ? { depends_on: needs } : {}),
        ...(shows.length > 0 ? { shows } : {}),
      },
    ],
    ["dep.add", { step: a, dep: id }],
    ...needs.map((dep): Call => ["dep.rm", { step: a, dep }]),
  );
}

function fusion(said: Said): Expected {
  const { a, b, c, n, world } = said;
  const synth = `${a}-synth`;
  const added: Call = ["step.add", { id: synth, command: placeholderCommand(synth) }];
  if (said.has("b")) {
    const candidates = said.has("c") ? [a, b, c] : [a, b];
    return calls(added, ["fusion.create", { candidates, synth }]);
  }
  const copies = Array.from({ length: n - 1 }, (_, index) => `${a}-${index + 2}`);
  return calls(
    ...copies.toReversed().map((copy): Call => ["step.clone", { id: a, new: copy }]),
    added,
    ["fusion.create", { candidates: [a, ...copies], synth }],
    ...namedBy(world, a).flatMap((step): Call[] => [
      ["dep.add", { step, dep: synth }],
      ["dep.rm", { step, dep: a }],
    ]),
  );
}

const ms: Readonly<Record<string, number>> = {
  s: 1000,
  seconds: 1000,
  sec: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
};
const modelOf = (said: string) =>
  /^claude(?: code)?$/i.test(said)
    ? "claude-code"
    : /^(?:opus|sonnet|haiku)$/i.test(said)
      ? `claude-code:${said.toLowerCase()}`
      : said;
/** A team of a planner and workers is what the orchestrated template makes. */
const templateOf = (said: string) => (/planner/i.test(said) ? "orchestrated" : said);
const listed = (world: World, fits: (status: string) => boolean, none = "Nothing has failed") => {
  const ids = [...world.steps, ...world.gates].filter(({ status }) => fits(status)).map(({ id }) => id);
  return ids.length === 0 ? [none] : ids.map((id) => `- ${id}: `);
};

/** Each intent once, as a function of what the wording is filled with. */
export const intents: Readonly<Record<string, Intent>> = {
  add_step: {
    fresh: "a",
    expect: (said) => calls(["step.add", { id: newId(said, "a"), ...commandOf(said) }]),
  },
  add_step_after: {
    fresh: "b",
    expect: (said) => calls(["step.add", { id: newId(said, "b"), ...commandOf(said), depends_on: [said.a] }]),
  },
  add_step_before: {
    fresh: "b",
    expect: (said) =>
      calls(
        ["step.add", { id: newId(said, "b"), ...commandOf(said), ...inPlaceOf(said) }],
        ["dep.add", { step: said.a, dep: newId(said, "b") }],
      ),
  },
  add_step_between: {
    fresh: "c",
    linked: true,
    expect: (said) =>
      calls(
        ["step.add", { id: newId(said, "c"), ...commandOf(said), depends_on: [said.a] }],
        ["dep.add", { step: said.b, dep: newId(said, "c") }],
        ["dep.rm", { step: said.b, dep: said.a }],
      ),
  },
  rename_step: edit((said) => ({ name: said.value("name") })),
  remove_step: { expect: ({ a, world }) => gone(world, a, "step.rm") },
  remove_step_reconnect: { expect: ({ a, world }) => gone(world, a, "step.rm") },
  add_dependency: { expect: ({ a, b }) => calls(["dep.add", { step: b, dep: a }]) },
  remove_dependency: { linked: true, expect: ({ a, b }) => calls(["dep.rm", { step: b, dep: a }]) },
  parallel: {
    expect: (said) =>
      calls(["group.parallelize", { ids: said.has("c") ? [said.a, said.b, said.c] : [said.a, said.b] }]),
  },
  chain: {
    expect: (said) =>
      calls(
        ["dep.add", { step: said.b, dep: said.a }],
        ...(said.has("c") ? [["dep.add", { step: said.c, dep: said.b }] as Call] : []),
      ),
  },
  add_gate_before: { fresh: "g", expect: gateBefore },
  add_gate_between: {
    fresh: "g",
    linked: true,
    expect: (said) => {
      const { a, b } = said;
      const id = said.has("g") ? said.g : `${b}-gate`;
      return calls(
        ["gate.insert", { id, name: `Go on to ${b}?`, depends_on: [a], shows: [a] }],
        ["dep.add", { step: b, dep: id }],
        ["dep.rm", { step: b, dep: a }],
      );
    },
  },
  approve_gate: { expect: ({ g }) => ({ refused: `seqctl gate approve ${g}` }) },
  reject_gate: { expect: (said) => calls(["gate.reject", { id: said.g, reason: said.value("reason") }]) },
  remove_gate: { expect: ({ g, world }) => gone(world, g, "gate.rm") },
  remove_gate_before: { gated: true, expect: ({ g, world }) => gone(world, g, "gate.rm") },
  set_command: edit(({ cmd }) => ({ command: words(cmd) })),
  set_timeout: edit((said) => ({ timeout_ms: said.n * (ms[said.value("unit")] as number) })),
  set_retries: edit(({ n }) => ({ retry: { limit: n } })),
  no_retries: edit(() => ({ unset: ["retry"] })),
  set_model_agent: edit((said) => ({ model: modelOf(said.value("model")), unset: ["command"] })),
  set_working_folder: edit((said) => ({ cwd: said.value("dir") })),
  set_env: edit((said) => ({ env: { [said.value("key")]: said.value("value") } })),
  duplicate_step: {
    fresh: "b",
    expect: (said) => calls(["step.clone", { id: said.a, new: said.has("b") ? said.b : `${said.a}-2` }]),
  },
  group_steps: {
    fresh: "group",
    expect: (said) =>
      calls([
        "group.parallelize",
        {
          ids: said.has("c") ? [said.a, said.b, said.c] : [said.a, said.b],
          ...(said.has("group") ? { group_id: said.value("group") } : {}),
        },
      ]),
  },
  dissolve_group: {
    expect: ({ a, b }) =>
      calls(["step.edit", { id: a, unset: ["group_id"] }], ["step.edit", { id: b, unset: ["group_id"] }]),
  },
  ungroup_steps: {
    grouped: true,
    expect: ({ a, b }) =>
      calls(["step.edit", { id: a, unset: ["group_id"] }], ["step.edit", { id: b, unset: ["group_id"] }]),
  },
  make_fusion: { expect: fusion },
  make_fusion_into: {
    fresh: "c",
    expect: ({ a, b, c }) =>
      calls(
        ["step.add", { id: c, command: placeholderCommand(c) }],
        ["fusion.create", { candidates: [a, b], synth: c }],
      ),
  },
  apply_template: { expect: (said) => calls(["template.apply", { type: templateOf(said.value("type")) }]) },
  run_all: { expect: () => calls(["run.start", { scope: "all" }]) },
  run_anew: { expect: () => calls(["run.start", { scope: "all", new: true }]) },
  run_one: { expect: ({ a }) => calls(["run.start", { scope: "step", id: a }]) },
  run_from: { expect: ({ a }) => calls(["run.start", { scope: "all", from: a }]) },
  stop_all: { expect: () => calls(["run.cancel", {}]) },
  stop_step: { expect: ({ a }) => calls(["run.stop", { id: a }]) },
  retry_step: { expect: ({ a }) => calls(["step.restart", { id: a }]) },
  rerun_step: { expect: ({ a }) => calls(["step.rerun", { id: a }]) },
  rerun_from: { expect: ({ a }) => calls(["step.rerun", { id: a, downstream: true }]) },
  what_failed: { expect: ({ world }) => ({ answer: listed(world, (status) => status === "FAILED") }) },
  what_runs: {
    expect: ({ world }) => ({
      answer: listed(world, (status) => status === "RUNNING", "Nothing is running"),
    }),
  },
  why_blocked: { expect: ({ a }) => ({ answer: [`${a} is `] }) },
  show_log: { expect: ({ a }) => view("logs", { id: a, from: -4096 }) },
  log_tail: { expect: ({ a }) => view("logs", { id: a, from: -4096 }) },
  status: { expect: ({ world }) => ({ answer: [`${world.steps.length} steps: `, "Mode SAFE."] }) },
  waiting_for_me: ask("inbox"),
  show_audit: {
    expect: (said) =>
      said.has("g")
        ? view("audit.find", { target: said.g, limit: 10 })
        : view("audit.tail", { n: said.has("n") ? said.n : 10 }),
  },
  verify_audit: ask("audit.verify"),
  undo: { expect: () => calls(["sequence.undo", {}]) },
  redo: { expect: () => calls(["sequence.redo", {}]) },
  mode_power: { expect: () => calls(["policy.mode", { mode: "POWER" }]) },
  mode_safe: { expect: () => calls(["policy.mode", { mode: "SAFE" }]) },
  list_runs: { expect: (said) => view("runs.list", said.has("n") ? { limit: said.n } : {}) },
  diff_last_run: ask("runs.diff"),
  show_definition: { expect: ({ a }) => view("step", { id: a }) },
  validate: ask("sequence.problems"),
  clean_worktrees: { expect: () => calls(["worktree.gc", {}]) },
  pick_candidate: {
    fused: true,
    expect: (said) =>
      calls([
        "fusion.pick",
        {
          candidate: said.has("b") ? said.b : (said.candidates[(said.has("nth") ? 2 : said.n) - 1] as string),
        },
      ]),
  },
  help: { expect: () => ({ answer: ["I understand plain requests"] }) },
};

/** Why a reading is not what was expected; undefined where it is. */
export function unlike(read: Reading, expected: Expected): string | undefined {
  const same = (got: unknown, wanted: unknown) =>
    Bun.deepEquals(got, wanted)
      ? undefined
      : `read as ${JSON.stringify(got)}, not as ${JSON.stringify(wanted)}`;
  if ("calls" in expected)
    return same(
      read.kind === "calls" ? read.calls.map(({ action, input }) => [action, input]) : read,
      expected.calls,
    );
  if ("view" in expected)
    return same(read.kind === "ask" ? { view: read.view, input: read.input } : read, expected);
  if ("answer" in expected)
    return read.kind === "answer" && expected.answer.every((text) => read.says.includes(text))
      ? undefined
      : `read as ${JSON.stringify(read)}, not as an answer with ${JSON.stringify(expected.answer)}`;
  return read.kind === "refusal" && read.try.some((text) => text.includes(expected.refused))
    ? undefined
    : `read as ${JSON.stringify(read)}, not refused with ${expected.refused}`;
}
