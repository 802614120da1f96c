import { describe, expect, test } from "bun:test";
import { logTarget } from "../../components/dock/log-target";
import { paintYaml } from "../../components/inspector/yaml";
import { sayDuration, sayElapsed, saySize } from "../../components/state/duration";
import { needsOf } from "../../components/state/notify";
import { tokenInLink } from "../../components/state/session";
import { outdated, standing, standingIn } from "../../components/state/vocabulary";
import type { GateState, StatusDocument, StepState } from "../../components/state/wire";
import { sayHeldBack, tally } from "../../components/toolbar/progress";
import { titleOf } from "../../components/toolbar/title";
import { stepStatuses } from "../../lib/core/engine/status";
import { waitingIn } from "../../lib/core/views/waiting";

const step = (id: string, more: Partial<StepState> = {}): StepState => ({
  id,
  name: id,
  type: "base",
  model: "shell",
  status: "BLOCKED",
  reason: null,
  why: "",
  attempt: 0,
  started_at: null,
  ended_at: null,
  exit_code: null,
  stale: false,
  depends_on: [],
  group_id: null,
  ...more,
});
const gate = (id: string, more: Partial<GateState> = {}): GateState => ({
  id,
  name: id,
  status: "PENDING",
  reason: "waiting_deps",
  why: "",
  depends_on: [],
  shows: [],
  sent_back: 0,
  takes: [],
  ...more,
});
const status = (steps: StepState[], gates: GateState[] = []): StatusDocument => ({
  run: "r",
  root: "/project",
  open: true,
  canceled: false,
  name: "job",
  mode: "SAFE",
  sandbox: "off",
  revision: "",
  seq: 0,
  engine: { running: true, pid: 1 },
  steps,
  gates,
  counts: {},
  warnings: [],
});

describe("a node that stands no longer as it seems to", () => {
  const fell = { by: "ana", at: 1, changed: ["step 'a' was edited"] } as GateState["fell"];
  test.each([
    ["a step that is as it seems", step("a", { status: "DONE" }), null],
    ["a gate that is as it seems", gate("g"), null],
    [
      "a stale step",
      step("a", { stale_why: "its definition changed since" }),
      "stale: its definition changed since",
    ],
    [
      "a gate whose approval fell",
      gate("g", { ...(fell && { fell }) }),
      "void: the approval by ana became void: step 'a' was edited",
    ],
  ])("%s", (_, node, said) => {
    const told = outdated(node);
    expect(told && `${told.word}: ${told.why}`).toBe(said);
  });
});

describe("a node's standing", () => {
  test("has a tone of its own for every status", () => {
    const tones = new Set(stepStatuses.map((status) => standing(step("a", { status })).tone));
    expect(tones.size).toBe(stepStatuses.length);
  });

  test("is unknown where a step was under way and no engine watches it", () => {
    expect(standing(step("a", { status: "RUNNING", reason: "engine.absent" })).word).toBe("Unknown");
    expect(standing(step("a", { status: "QUEUED", reason: "engine.absent" })).word).toBe("Queued");
  });

  test("of what a person stopped is no failure, and nothing to be done about", () => {
    const ended = step("a", { status: "FAILED", reason: "stopped" });
    expect(standing(ended)).toEqual({ tone: "canceled", word: "Stopped" });
    expect(standingIn("step", "FAILED", "stopped").word).toBe("Stopped");
    expect(waitingIn(status([ended])).steps).toEqual([]);
    expect(tally(status([ended])).tones).toEqual({ canceled: 1 });
    expect(titleOf(status([ended]))).toBe("0/1 · job · ThreadOS");
  });

  test("of a step that failed asks for a person, but not in a run that was given up", () => {
    const failed = step("a", { status: "FAILED", reason: "exit" });
    expect(waitingIn(status([failed])).steps).toEqual(["a"]);
    expect(waitingIn({ ...status([failed]), canceled: true }).steps).toEqual([]);
  });

  test("of a gate that was turned down asks on, but not in a run that was given up", () => {
    const turned = { ...status([]), gates: [gate("g", { status: "BLOCKED", reason: "rejected" })] };
    expect(waitingIn(turned).gates).toEqual(["g"]);
    expect(waitingIn({ ...turned, canceled: true }).gates).toEqual([]);
    const held = { ...turned, gates: [gate("g", { status: "BLOCKED", reason: "blocked" })] };
    expect(waitingIn(held).gates).toEqual([]);
  });

  test("of a gate that holds the work back is counted in the top line, until the run is given up", () => {
    const held = { ...status([]), gates: [gate("g", { status: "BLOCKED", reason: "blocked" })] };
    expect(tally(held).tones).toEqual({ rejected: 1 });
    expect(tally({ ...held, canceled: true }).tones).toEqual({});
  });

  test.each([
    [1, 0, "gate blocked"],
    [2, 0, "gates blocked"],
    [1, 1, "gate rejected"],
    [2, 2, "gates rejected"],
    [3, 1, "gates blocked or rejected"],
  ])("of %i such gates of which %i were rejected: %s", (all, rejected, said) => {
    const gates = Array.from({ length: all }, (_, n) =>
      gate(`g${n}`, { status: "BLOCKED", reason: n < rejected ? "rejected" : "blocked" }),
    );
    const counts = tally(status([], gates));
    expect([counts.tones.rejected ?? 0, counts.rejected]).toEqual([all, rejected]);
    expect(sayHeldBack(all, counts.rejected)).toBe(said);
  });

  test("of a gate that asks is told to who looks elsewhere in the words of everywhere", () => {
    const why = "'g' waits for a person to decide again: `plan`'s x.md changed since the approval.";
    const needs = needsOf(status([], [gate("g", { reason: "waiting_human", why })]));
    expect(needs).toMatchObject([{ node: "g", text: why }]);
  });

  test("of a gate tells waiting for work from waiting for a person", () => {
    expect(standing(gate("g")).word).toBe("Pending");
    expect(standing(gate("g", { reason: "waiting_human" }))).toEqual({
      tone: "human",
      word: "Waits for you",
    });
  });

  test("of a gate in a run that was given up asks nobody", () => {
    expect(standing(gate("g", { reason: "run_canceled" }))).toEqual({ tone: "canceled", word: "Canceled" });
  });

  test("of a status from a newer server is unknown, not a crash", () => {
    expect(standing(step("a", { status: "DREAMING" as never })).tone).toBe("unknown");
  });
});

describe("the title", () => {
  const done = step("a", { status: "DONE" });
  test.each([
    ["▶ 1/2 · job", status([done, step("b", { status: "RUNNING" })])],
    ["◆ 1/2 · job", status([done, step("b")], [gate("g", { reason: "waiting_human" })])],
    ["✕ 1/2 · job", status([done, step("b", { status: "FAILED" })])],
    ["✓ 1/1 · job", status([done])],
    ["job · ThreadOS", { ...status([step("a")]), run: null }],
  ])("%s", (title, document) => expect(titleOf(document)).toBe(title));
});

describe("whose log is shown", () => {
  const document = status(
    [step("a", { started_at: 1 }), step("b", { started_at: 5 }), step("c")],
    [gate("g", { depends_on: ["b"], shows: ["a"] })],
  );
  test.each([
    ["the selected step's", "c", "c"],
    ["of a gate, what it shows", "g", "a"],
    ["without a selection, the last to start", null, "b"],
    ["of a node that is gone, the last to start", "gone", "b"],
  ])("%s", (_what, selected, expected) => expect(logTarget(document, selected)).toBe(expected));
});

test("durations and sizes are said briefly", () => {
  expect([30, 812, 9940, 9960, 59_600, 65_000, 7_620_000].map(sayDuration)).toEqual([
    "30 ms",
    "0.8 s",
    "9.9 s",
    "10 s",
    "1 m 00 s",
    "1 m 05 s",
    "2 h 07 m",
  ]);
  expect([0, 7900, 750_000, 3_729_000].map(sayElapsed)).toEqual(["0:00", "0:07", "12:30", "1:02:09"]);
  expect([0, 1536, 3_145_728].map(saySize)).toEqual(["0 B", "1.5 KB", "3.0 MB"]);
});

test("painted YAML is the same text, with keys, quoted text and comments told apart", () => {
  const yaml = `- id: a # first\n  "odd key": 'it''s: #1'\n  url: http://x#y\n  command: ["node", "a.mjs"]\n  - plain\n`;
  const pieces = paintYaml(yaml);
  expect(pieces.map(({ text }) => text).join("")).toBe(yaml);
  const of = (kind: string) => pieces.filter((piece) => piece.kind === kind).map(({ text }) => text.trim());
  expect(of("key")).toEqual(["id", '"odd key"', "url", "command"]);
  expect(of("comment")).toEqual(["# first"]);
  expect(of("text")).toEqual(["'it''s: #1'", '"node"', '"a.mjs"']);
});

test("the token is taken from a link's fragment, and nothing else is", () => {
  expect(tokenInLink("#token=abc_-1")).toBe("abc_-1");
  expect(tokenInLink("#token=")).toBeNull();
  expect(tokenInLink("#step=a")).toBeNull();
  expect(tokenInLink("")).toBeNull();
});
