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
  waiting_gate: [
    ["BLOCKED", { code: "waiting_gate", on: ["g"] }, "waits for a person to approve 'g'"],
    [
      "BLOCKED",
      { code: "waiting_gate", on: ["h"], first: { kind: "asks", on: ["g"] } },
      "waits for a person to approve 'g', before 'h' can be decided",
    ],
    [
      "BLOCKED",
      { code: "waiting_gate", on: ["h"], first: { kind: "held_back", on: ["g"] } },
      "is held back because a person turned down 'g', before 'h' can be decided",
    ],
    [
      "BLOCKED",
      { code: "waiting_gate", on: ["h"], first: { kind: "failed", on: ["b"] } },
      "waits for 'b', which did not end well, before 'h' can be decided",
    ],
    [
      "PENDING",
      { code: "waiting_gate", on: ["h", "i"], first: { kind: "step", on: ["b", "c"] } },
      "waits for 'b' and 'c', which are not done yet, before 'h' and 'i' can be decided",
    ],
  ],
  gate_blocked: [
    ["BLOCKED", { code: "gate_blocked", on: ["g"] }, "is held back because a person blocked 'g'"],
  ],
  nothing_to_run: [
    [
      "BLOCKED",
      { code: "nothing_to_run" },
      `has nothing to run; give it a command: seqctl step edit a --command '["npm","test"]'`,
    ],
  ],
  not_requested: [["READY", { code: "not_requested" }, "is ready; nobody has asked for it yet"]],
  limit: [
    ["QUEUED", { code: "limit", max: 1 }, "waits for a free place: at most 1 step runs at once"],
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
      "was running when the engine was last heard of; the engine is gone: `seqctl run` takes it up",
    ],
  ],
  running: [
    ["RUNNING", { code: "running", since: at }, "is running"],
    [
      "RUNNING",
      { code: "running", since: at, heartbeat: at },
      "is running; its last sign of life came at 09:05:07 UTC",
    ],
  ],
  stopping: [
    ["STOPPING", { code: "stopping", cause: "stopped" }, "is being stopped (somebody asked)"],
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
    ["FAILED", { code: "stopped" }, "was stopped before it was done"],
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
  waiting_any: [
    ["BLOCKED", { code: "waiting_any", on: ["b"] }, "waits for 'b' to be done"],
    ["BLOCKED", { code: "waiting_any", on: ["b", "c"] }, "waits for the first of 'b' and 'c' to be done"],
  ],
  waiting_call: [
    ["BLOCKED", { code: "waiting_call", on: ["b"] }, "waits to be called for by the end of 'b'"],
  ],
  waiting_boss: [
    ["BLOCKED", { code: "waiting_boss", on: ["b"] }, "waits for 'b', which owns it, to ask for it"],
  ],
  waiting_watched: [
    ["BLOCKED", { code: "waiting_watched", on: ["b"] }, "waits for 'b', which it watches over, to start"],
  ],
  boss_failed: [
    [
      "BLOCKED",
      { code: "boss_failed", on: ["b"] },
      "can't start because 'b', which was to ask for it, did not end well",
    ],
    ["CANCELED", { code: "boss_failed", on: ["b"] }, "was canceled because 'b', which owns it, failed"],
    ["FAILED", { code: "boss_failed", on: ["b"] }, "was stopped because 'b', which owns it, failed"],
  ],
  concurrency_group: [
    [
      "QUEUED",
      { code: "concurrency_group", group: "db", on: ["b"] },
      "waits until 'b', of the same concurrency group 'db', has ended",
    ],
  ],
  instances: [
    [
      "RUNNING",
      { code: "instances", count: 3, left: 1 },
      "runs as 3 instances, 1 of which has not ended yet",
    ],
  ],
  instances_failed: [
    [
      "FAILED",
      { code: "instances_failed", on: ["a-2"] },
      "failed because its instance 'a-2' did not end well",
    ],
  ],
  loop: [
    [
      "RETRYING",
      { code: "loop", condition: "outputs.n > 2", rounds: 2, max: 5 },
      "runs again, since after round 2 of 5 this does not hold yet: outputs.n > 2",
    ],
  ],
  loop_exhausted: [
    [
      "FAILED",
      { code: "loop_exhausted", condition: "outputs.n > 2", rounds: 1, problem: null },
      "failed: after 1 round this does not hold: outputs.n > 2",
    ],
    [
      "FAILED",
      { code: "loop_exhausted", condition: "outputs.n > 2", rounds: 1, problem: "no" },
      "failed: whether to run it again can't be told from `outputs.n > 2` (no)",
    ],
  ],
  idle_timeout: [
    [
      "FAILED",
      { code: "idle_timeout" },
      "failed: it printed nothing for longer than its idle time limit and was stopped",
    ],
  ],
  outputs_invalid: [
    [
      "FAILED",
      { code: "outputs_invalid", problem: "is not JSON" },
      "failed: it exited with 0, but its output is not JSON",
    ],
  ],
  worktree: [
    [
      "FAILED",
      { code: "worktree", problem: "the setup command npm exited with 1" },
      "failed in its worktree: the setup command npm exited with 1",
    ],
  ],
  when: [
    [
      "SKIPPED",
      { code: "when", condition: "params.a == 1" },
      "was skipped because its condition does not hold: params.a == 1",
    ],
  ],
  needs_skipped: [
    ["SKIPPED", { code: "needs_skipped" }, "was skipped because everything it builds on was skipped"],
  ],
  not_called: [
    ["SKIPPED", { code: "not_called" }, "was skipped because nothing ended in the way it is there for"],
    [
      "SKIPPED",
      { code: "not_called", boss: "b" },
      "was skipped because 'b', which owns it, did not ask for it",
    ],
    [
      "SKIPPED",
      { code: "not_called", watched: "b" },
      "was skipped because 'b', which it watches over, is not under way",
    ],
  ],
  empty_list: [
    [
      "SKIPPED",
      { code: "empty_list", condition: "params.a" },
      "was skipped because there is nothing in the list it is for: params.a",
    ],
  ],
  unjudged: [
    [
      "FAILED",
      { code: "unjudged", condition: "1 < 'x'", problem: "no" },
      "failed: whether or how often it is to run can't be told from `1 < 'x'` (no)",
    ],
  ],
  quota: [
    ["RETRYING", { code: "quota", until: at }, "waits for its usage limit to reset, until 09:05:07 UTC"],
    [
      "FAILED",
      { code: "quota", until: null },
      "failed: its usage limit is reached; `seqctl run` goes on where it stopped",
    ],
  ],
  rate_limit: [
    ["FAILED", { code: "rate_limit" }, "failed: the model's provider turned it away for asking too often"],
  ],
  auth: [
    [
      "FAILED",
      { code: "auth", problem: "401" },
      "failed: the agent was not let in (401); log in or check its key, then `seqctl run`",
    ],
  ],
  agent_error: [["FAILED", { code: "agent_error", problem: "gone" }, "failed: the agent gave up (gone)"]],
  waiting_human: [["PENDING", { code: "waiting_human" }, "waits for a person to decide"]],
  run_canceled: [
    [
      "PENDING",
      { code: "run_canceled" },
      "asks nothing any more, because the run was given up; `seqctl run` begins another one",
    ],
  ],
  approved: [["APPROVED", { code: "approved", by: "user" }, "was approved by user"]],
  blocked: [["BLOCKED", { code: "blocked", by: "user" }, "was blocked by user"]],
  rejected: [
    [
      "BLOCKED",
      { code: "rejected", by: "user", reason: "too long,\n and vague." },
      "was rejected by user: too long, and vague",
    ],
  ],
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
