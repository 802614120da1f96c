import { expect, test } from "bun:test";
import type { Reason } from "../../../lib/core/engine/status";
import { explain } from "../../../lib/core/engine/why";

const at = Date.UTC(2026, 0, 1, 9, 5, 7);
const many = ["b", "c", "d", "e", "f", "g", "h"];

/** One row for each reason, with each status that changes its sentence. */
const sentences: Record<Reason["code"], [status: string, reason: Reason, said: string][]> = {
  waiting_deps: [
    ["BLOCKED", { code: "waiting_deps", on: ["b"] }, "waits for 'b', which is not done yet"],
    ["BLOCKED", { code: "waiting_deps", on: ["b", "c"] }, "waits for 'b' and 'c', which are not done yet"],
    [
      "BLOCKED",
      { code: "waiting_deps", on: many },
      "waits for 'b', 'c', 'd', 'e', 'f' and 2 more, which are not done yet",
    ],
  ],
  dep_failed: [
    [
      "BLOCKED",
      { code: "dep_failed", on: ["b"] },
      "can't start because 'b', which it needs, did not end well",
    ],
  ],
  waiting_gate: [["BLOCKED", { code: "waiting_gate", on: ["g"] }, "waits for a person to approve 'g'"]],
  gate_blocked: [
    ["BLOCKED", { code: "gate_blocked", on: ["g"] }, "is held back because a person blocked 'g'"],
  ],
  not_requested: [["READY", { code: "not_requested" }, "is ready; nobody has asked for it yet"]],
  limit: [
    ["QUEUED", { code: "limit", max: 1 }, "waits for a free place: at most 1 step run at once"],
    ["QUEUED", { code: "limit", max: 8 }, "waits for a free place: at most 8 steps run at once"],
  ],
  starting: [["QUEUED", { code: "starting" }, "is about to start"]],
  "engine.absent": [
    ["QUEUED", { code: "engine.absent" }, "is queued, but no engine is alive; `seqctl run` starts one"],
    [
      "RETRYING",
      { code: "engine.absent" },
      "failed and waits to be tried again, but no engine is alive; `seqctl run` starts one",
    ],
    [
      "RUNNING",
      { code: "engine.absent" },
      "was under way when the engine went away; `seqctl run` finds out what became of it",
    ],
  ],
  running: [["RUNNING", { code: "running", since: at }, "is running"]],
  stopping: [
    ["STOPPING", { code: "stopping", cause: "stopped" }, "is being stopped (a person asked)"],
    ["STOPPING", { code: "stopping", cause: "timeout" }, "is being stopped (it ran too long)"],
    ["STOPPING", { code: "stopping", cause: "restart" }, "is being stopped (it is being restarted)"],
    [
      "STOPPING",
      { code: "stopping", cause: "group_failed" },
      "is being stopped (a member of its group failed)",
    ],
  ],
  retry: [
    [
      "RETRYING",
      { code: "retry", at, number: 1, limit: 2 },
      "failed and will be tried again (retry 1 of 2) at 09:05:07 UTC",
    ],
    [
      "RETRYING",
      { code: "retry", at, number: 2, limit: 1 },
      "failed and will be tried again (retry 2) at 09:05:07 UTC",
    ],
  ],
  exit: [
    ["FAILED", { code: "exit", exitCode: 1 }, "failed: its command exited with 1"],
    ["FAILED", { code: "exit", exitCode: 128 }, "failed: its command exited with 128"],
    ["FAILED", { code: "exit", exitCode: 137 }, "failed: its command was ended by signal 9"],
    ["FAILED", { code: "exit", exitCode: 255 }, "failed: its command exited with 255"],
  ],
  timeout: [["FAILED", { code: "timeout" }, "failed: it ran longer than its time limit and was stopped"]],
  stopped: [
    ["FAILED", { code: "stopped" }, "failed: it was stopped"],
    ["CANCELED", { code: "stopped" }, "was canceled before it started"],
  ],
  group_failed: [
    ["FAILED", { code: "group_failed" }, "was stopped because a member of its fail_fast group failed"],
    ["CANCELED", { code: "group_failed" }, "was canceled because a member of its fail_fast group failed"],
  ],
  refused: [["FAILED", { code: "refused", problem: "no 'x'" }, "failed: it could not be started (no 'x')"]],
  lost: [
    [
      "FAILED",
      { code: "lost" },
      "failed: what became of it can't be known, because the machine or its shim went down; `seqctl run` tries it again",
    ],
  ],
  waiting_human: [["PENDING", { code: "waiting_human" }, "waits for a person to decide"]],
  approved: [["APPROVED", { code: "approved", by: "user" }, "was approved by user"]],
  blocked: [["BLOCKED", { code: "blocked", by: "user" }, "was blocked by user"]],
};

test.each(Object.values(sentences).flat())("%s %j", (status, reason, said) => {
  expect(explain({ id: "a", status, reason } as Parameters<typeof explain>[0])).toBe(`'a' ${said}.`);
});

test("a step that was tried before was not canceled before it started", () => {
  const view = { id: "a", status: "CANCELED", reason: { code: "stopped" }, attempt: 1 };
  expect(explain(view as Parameters<typeof explain>[0])).toBe("'a' was canceled before it was tried again.");
});

test("what is done is done", () => {
  expect(explain({ id: "a", status: "DONE", reason: null } as Parameters<typeof explain>[0])).toBe(
    "'a' is done.",
  );
});
