import { describe, expect, test } from "bun:test";
import type { Failure, FailureCode, FailureOf } from "../../lib/core/failure";
import { renderFailure } from "../../lib/core/failure-table";

const place = { file: "f", line: 3, column: 5 };

type Bare<C extends FailureCode> = Omit<FailureOf<C>, "code" | "place">;

/** An example of each refusal with the exit code and the HTTP status of design §5. */
const rows: { [C in FailureCode]: [facts: Bare<C>, exit: number, http: number] } = {
  "input.invalid": [{ problem: "p" }, 2, 400],
  "action.unknown": [{ name: "n" }, 2, 400],
  "workspace.missing": [{ from: "/x" }, 2, 400],
  "workspace.exists": [{ path: "/x" }, 2, 400],
  "workspace.unusable": [{ path: "/x", problem: "p", hint: "h" }, 2, 400],
  "file.missing": [{ path: "/x" }, 2, 400],
  "file.unreadable": [{ path: "/x", problem: "p" }, 2, 400],
  "sequence.empty": [{ file: "f" }, 2, 400],
  "sequence.syntax": [{ problem: "p" }, 2, 400],
  "sequence.encoding": [{ file: "f", problem: "p" }, 2, 400],
  "sequence.too_large": [{ file: "f", problem: "p", limit: "8 MiB" }, 2, 400],
  "sequence.forbidden": [{ problem: "p", hint: "h" }, 2, 400],
  "sequence.duplicate_key": [{ key: "k", first: place }, 2, 400],
  "sequence.unknown_key": [{ key: "k", where: "w" }, 2, 400],
  "sequence.invalid": [{ problem: "p", where: "w" }, 2, 400],
  "sequence.version": [{ found: "9", newest: 1 }, 2, 400],
  "id.invalid": [{ id: "a b" }, 2, 400],
  "id.reserved": [{ id: "CON" }, 2, 400],
  "id.taken": [{ id: "a", other: "A", kind: "step" }, 2, 400],
  "step.unknown": [{ id: "a" }, 2, 400],
  "gate.unknown": [{ id: "a" }, 2, 400],
  "group.unknown": [{ id: "a" }, 2, 400],
  "node.in_use": [{ id: "a", by: ["b", "c"] }, 2, 400],
  "dep.unknown": [{ id: "a", by: "b" }, 2, 400],
  "dep.cycle": [{ path: ["a", "b", "a"] }, 2, 400],
  "dep.exists": [{ step: "a", dep: "b" }, 2, 400],
  "dep.missing": [{ step: "a", dep: "b" }, 2, 400],
  "step.no_command": [{ id: "a" }, 2, 400],
  "step.blocked": [{ id: "a", reason: "r" }, 2, 400],
  "step.running": [{ id: "a" }, 5, 409],
  "step.not_running": [{ id: "a", status: "DONE" }, 2, 400],
  "step.never_ran": [{ id: "a", skipped: "was skipped because nobody asked for it" }, 2, 400],
  "gate.not_ready": [{ id: "g", waitingFor: ["a"] }, 2, 400],
  "gate.already": [{ id: "g", status: "APPROVED" }, 5, 409],
  "params.missing": [{ names: ["p"], flags: ["--param p=<string>"] }, 2, 400],
  "gate.unanswered": [{ id: "g", questions: [{ id: "q", type: "text" }] }, 2, 400],
  "gate.moved": [{ id: "g", summary: "s", confirm: "d", shows: [] }, 5, 409],
  "run.none": [{}, 2, 404],
  "run.unknown": [{ id: "r" }, 2, 404],
  "artifact.unknown": [{ name: "n", step: "a" }, 2, 404],
  "proposal.unknown": [{ id: "p" }, 2, 404],
  "chat.moved": [{ id: "p", changed: [] }, 5, 409],
  "chat.unknown": [{ id: "c" }, 2, 404],
  "chat.busy": [{ id: "c" }, 5, 409],
  "chat.declined": [{}, 2, 400],
  "chat.failed": [{ problem: "no answer", hint: "ask again" }, 1, 502],
  "chat.invalid": [{ where: "provider", problem: "is unknown", hint: "name another" }, 2, 400],
  "proposal.decided": [{ id: "p", decision: "approved" }, 5, 409],
  "proposal.stale": [{ id: "p", problem: "q" }, 5, 409],
  "proposal.moved": [{ id: "p", summary: "s", changed: ["c"], times: 1, confirm: "d", shows: [] }, 5, 409],
  "policy.denied": [{ rule: "r", problem: "p", hint: "h" }, 4, 403],
  "policy.invalid": [{ problem: "p" }, 2, 400],
  "agent.forbidden": [{ action: "gate.approve", step: "a" }, 4, 403],
  "orchestrator.limit": [{ boss: "a", max: 3 }, 4, 403],
  "watchdog.limit": [{ watchdog: "w", step: "a", max: 3 }, 4, 403],
  "token.stale": [{}, 5, 409],
  "confirm.required": [{ action: "a", summary: "s", times: 1, confirm: "c", why: "w", shows: [] }, 3, 428],
  "confirm.stale": [{ action: "a" }, 5, 409],
  "approval.pending": [{ summary: "s" }, 3, 428],
  "undo.nothing": [{ direction: "undo" }, 2, 400],
  "undo.pick": [{ candidate: "b", before: "add step c" }, 5, 409],
  "undo.other_actor": [{ direction: "redo", actor: "agent:a", summary: "s" }, 5, 409],
  "revision.stale": [{ expected: "a", found: "b" }, 5, 409],
  "revision.missing": [{ digest: "0123456789abcdef" }, 6, 500],
  "audit.corrupt": [{ line: 3, problem: "p", file: "f" }, 6, 500],
  "journal.corrupt": [{ line: 3, problem: "p", file: "f" }, 6, 500],
  "journal.changed": [{ run: "r", facts: 3 }, 6, 500],
  "lock.busy": [{ path: "/x", waitedMs: 5040 }, 75, 503],
  "engine.busy": [{ problem: "p" }, 75, 503],
  "group.dependent": [{ id: "a", on: "b" }, 2, 400],
  "template.unknown": [{ type: "t" }, 2, 400],
  "template.invalid": [{ file: "f", problem: "p" }, 2, 400],
  "step.two_ways": [{ id: "a", agent: "codex" }, 2, 400],
  "agent.unknown": [{ name: "n", step: "a", known: ["codex"] }, 2, 400],
  "agents.invalid": [{ where: "w", problem: "p" }, 2, 400],
  "prompt.missing": [{ id: "a", path: "p" }, 2, 400],
  "prompt.unusable": [{ id: "a", path: "p", problem: "q" }, 2, 400],
  "revision.broken": [{ digest: "a".repeat(64), problem: "x: is missing" }, 2, 400],
  "revision.unknown": [{ wanted: "abc", matches: [] }, 2, 404],
  "diff.nothing": [{}, 2, 400],
  "worktree.unusable": [{ problem: "p", hint: "h" }, 2, 400],
  "git.failed": [{ command: "worktree", problem: "p" }, 1, 500],
  "fusion.unknown": [{ id: "a" }, 2, 404],
  "fusion.no_patch": [{ id: "a", problem: "p" }, 2, 400],
  "fusion.picked": [{ id: "a", picked: "b", files: ["f"], made: [] }, 5, 409],
  "fusion.conflict": [{ id: "a", problem: "p", files: ["f"] }, 5, 409],
  "engine.lost": [{}, 1, 503],
  "door.closed": [{ problem: "p" }, 75, 503],
  "engine.failed": [{ problem: "p", log: "/l" }, 70, 500],
  "program.missing": [{ name: "n", hint: "h" }, 2, 400],
  "mprocs.closed": [{}, 2, 404],
  "port.busy": [{ port: 80 }, 75, 503],
  "server.refused": [{ status: 421, problem: "p" }, 2, 421],
  "io.failed": [{ path: "/x", problem: "p", hint: "h" }, 1, 500],
  internal: [{ problem: "p" }, 70, 500],
};

const example = (code: FailureCode, more = {}) => ({ code, ...rows[code][0], ...more }) as Failure;

describe.each(Object.keys(rows) as FailureCode[])("%s", (code) => {
  const [facts, exit, http] = rows[code];

  test("has its exit code and its status", () => {
    expect(renderFailure(example(code))).toMatchObject({ exit, http });
  });

  test("is said in words, without a gap and without a full stop", () => {
    const { message, hint } = renderFailure(example(code));
    for (const text of [message, ...(hint === undefined ? [] : [hint])]) {
      expect(text).not.toBe("");
      expect(text).not.toMatch(/undefined|null|NaN|\[object|\.$|^\s|\s$/);
    }
  });

  test("gives surfaces one body with all its facts", () => {
    const { body, message, hint } = renderFailure(example(code, { place }));
    expect(body.code).toBe(code);
    expect(body.error).toMatchObject({ ...facts, code, message, place } as never);
    expect(body.error.hint).toBe(hint);
    expect(JSON.parse(JSON.stringify(body))).toEqual(body as never);
  });
});

describe("the message", () => {
  test.each<[Failure, string, string | undefined]>([
    [
      { code: "action.unknown", name: "run.strat", nearest: "run.start" },
      "there is no action 'run.strat'",
      "did you mean 'run.start'?",
    ],
    [
      { code: "step.unknown", id: "each-1", of: "each" },
      "'each-1' is only part of 'each' in this run, and is not defined by itself",
      "change 'each', which it comes from",
    ],
    [
      { code: "step.unknown", id: "bild", nearest: "build" },
      "there is no step 'bild'",
      "did you mean 'build'?",
    ],
    [
      { code: "node.in_use", id: "a", by: ["b", "c"] },
      "'a' is needed by 'b', 'c'",
      "first cut the dependency: seqctl dep rm b a; seqctl dep rm c a",
    ],
    [
      { code: "gate.not_ready", id: "g", waitingFor: ["a", "b"] },
      "gate 'g' can't be approved before 'a', 'b' are done",
      "`seqctl run` brings the work before it to an end",
    ],
    [
      { code: "gate.not_ready", id: "g", waitingFor: ["a"] },
      "gate 'g' can't be approved before 'a' is done",
      "`seqctl run` brings the work before it to an end",
    ],
    [
      { code: "gate.not_ready", id: "g", waitingFor: ["a"], givenUp: "approved" },
      "gate 'g' can't be approved, because the run was given up",
      "`seqctl run` begins another one, in which it asks again",
    ],
    [
      { code: "approval.pending", proposal: "p1", summary: "run" },
      "run: waits for a person's approval as proposal p1",
      "a person applies it with `seqctl approve p1`; a person's own call is asked at a terminal, or takes --yes",
    ],
    [
      { code: "approval.pending", proposal: "p1", summary: "run", agent: true },
      "run: waits for a person's approval as proposal p1",
      "a person applies it with `seqctl approve p1`",
    ],
    [
      { code: "agent.forbidden", action: "step.add", step: "a", yes: true },
      "step 'a' may not say yes to 'step.add': that takes a person",
      "leave out --yes: then it is kept as a proposal that a person decides on",
    ],
    [
      { code: "lock.busy", path: "/x", waitedMs: 5040 },
      "another ThreadOS process has held /x for 5 s",
      "try again in a moment",
    ],
    [{ code: "undo.nothing", direction: "redo" }, "there is nothing to redo", undefined],
    [{ code: "sequence.invalid", where: "w", problem: "p", hint: "h" }, "w: p", "h"],
  ])("of %j", (failure, message, hint) => {
    expect(renderFailure(failure)).toMatchObject({ message });
    expect(renderFailure(failure).hint).toBe(hint as string);
  });
});

test("only a question is marked as one that a caller may answer", () => {
  for (const code of Object.keys(rows) as FailureCode[]) {
    const { error } = renderFailure(example(code)).body;
    expect(error.confirmation_required).toBe(code === "confirm.required" ? true : undefined);
  }
  expect(renderFailure(example("confirm.required")).body.error).toMatchObject({ confirm: "c", times: 1 });
});
