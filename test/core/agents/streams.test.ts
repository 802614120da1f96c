import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { addEvent, closeTally, emptyTally, factsOf } from "../../../lib/core/agents/report";
import { readLine, type StreamKind, streamKinds } from "../../../lib/core/agents/stream";

const recordings = join(import.meta.dir, "..", "..", "fixtures", "agents");
const at = { now: Date.parse("2026-11-21T12:00:00Z"), zone: "UTC" };

function reportOf(kind: StreamKind, lines: string[], code: number, stderr = "") {
  const tally = emptyTally();
  for (const line of lines) for (const event of readLine(kind, line)) addEvent(tally, event);
  return closeTally(tally, { code, stderr, at });
}

/** A stream as the real program wrote it (versions in the adapters). */
function recorded(name: string, code: number) {
  const lines = fs.readFileSync(join(recordings, `${name}.jsonl`), "utf8").split("\n");
  return reportOf(name.split("-")[0] as StreamKind, lines, code);
}

const zero = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

describe("a recorded stream", () => {
  test.each([
    ["claude-good", { input: 120, output: 7 }],
    ["codex-good", { input: 120, output: 7 }],
    ["gemini-good", { input: 120, output: 7 }],
    ["opencode-good", { input: 120, output: 7 }],
  ])("of success, %s, gives session, turns, tokens and the last words", (name, tokens) => {
    const report = recorded(name, 0);
    expect(report).toMatchObject({
      turns: 1,
      text: "Hello there",
      error: null,
      tokens: { ...zero, ...tokens },
    });
    expect(report.session).toMatch(/^(?:ses_\w+|[0-9a-f-]{36})$/);
  });

  test("tells the cost where the program does", () => {
    expect(recorded("claude-good", 0).costUsd).toBeGreaterThan(0);
    expect(recorded("opencode-good", 0).costUsd).toBeGreaterThan(0);
    expect(recorded("codex-good", 0).costUsd).toBeNull();
    expect(recorded("gemini-good", 0).costUsd).toBeNull();
  });

  test.each([
    ["claude-auth", "auth"],
    ["codex-auth", "auth"],
    ["gemini-auth", "auth"],
    ["opencode-auth", "auth"],
    ["claude-model", "permanent"],
    ["codex-quota", "quota"],
    ["claude-quota", "quota"],
  ] as const)("of failure, %s, is classed %s", (name, wanted) => {
    const { error } = recorded(name, 1);
    expect(error?.class).toBe(wanted);
    expect(error?.problem).not.toBe("");
  });

  test("says when the limit resets", () => {
    expect(recorded("claude-quota", 1).error?.resetAt).toBe(Date.parse("2026-11-21T14:05:00Z"));
    expect(recorded("codex-quota", 1).error?.resetAt).toBeNull();
  });
});

describe("any stream", () => {
  const junk = [
    "",
    "not json",
    "{",
    "null",
    "[1]",
    '{"type":"result"}',
    '{"type":"assistant","message":7}',
    '{"type":"assistant","message":{"content":[null,{"type":"text","text":5}]}}',
    '{"type":"result","usage":[],"num_turns":"x","total_cost_usd":-1,"subtype":"success"}',
    '{"type":"turn.completed","usage":{"input_tokens":1e999}}',
    '{"type":"step_finish","part":"x","sessionID":3}',
    '{"type":"system","subtype":"init","session_id":{}}',
    '{"__proto__":{"type":"result"}}',
  ];

  test("survives lines that are none of its own", () => {
    for (const kind of streamKinds) expect(reportOf(kind, junk, 0).tokens.output).toBe(0);
  });

  const never: [string, string][] = [
    ["a wait beyond all dates", "429 rate limit, retry-after: 99999999999999999999"],
    ["many days", "too many requests, try again in 99999999999999999 days"],
  ];
  test.each(never)("does not believe %s", (_, stderr) => {
    expect(reportOf("text", [], 1, stderr).error).toMatchObject({ resetAt: null });
    const event = { type: "rate_limit_event", rate_limit_info: { status: "rejected", resetsAt: 1e17 } };
    expect(reportOf("claude", [JSON.stringify(event)], 1, stderr).error?.resetAt).toBeNull();
  });

  test("never throws and never counts below zero, whatever is printed", () => {
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          type: fc.constantFrom(
            "result",
            "assistant",
            "system",
            "turn.completed",
            "step_finish",
            "error",
            "message",
          ),
          subtype: fc.constantFrom("init", "success", "error_max_turns"),
          usage: fc.jsonValue(),
          part: fc.jsonValue(),
          message: fc.jsonValue(),
          stats: fc.jsonValue(),
          result: fc.jsonValue(),
          is_error: fc.boolean(),
        })
        .map((value) => JSON.stringify(value)),
    );
    const kind = fc.constantFrom(...streamKinds);
    fc.assert(
      fc.property(
        kind,
        fc.array(line),
        fc.integer({ min: 0, max: 255 }),
        fc.string(),
        (k, lines, code, stderr) => {
          const facts = factsOf(reportOf(k, lines, code, stderr));
          expect(facts.turns).toBeGreaterThanOrEqual(0);
          expect(facts.tokensIn).toBeGreaterThanOrEqual(0);
          expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
        },
      ),
    );
  });

  test("what it complained of on the way is forgotten once it ended well", () => {
    const lines = [
      '{"type":"error","message":"Reconnecting... 1/5"}',
      '{"type":"turn.completed","usage":{"output_tokens":3}}',
    ];
    expect(reportOf("codex", lines, 0)).toMatchObject({ error: null, tokens: { output: 3 } });
  });

  test("an agent that says that it failed has failed, though it exits with 0", () => {
    const line = '{"type":"result","subtype":"error_max_turns","is_error":true,"num_turns":9}';
    expect(reportOf("claude", [line], 0).error).toMatchObject({
      class: "permanent",
      problem: "error_max_turns",
    });
  });

  test("cut off before its result counts each message once", () => {
    const line = (out: number) =>
      JSON.stringify({
        type: "assistant",
        message: { id: "m", usage: { input_tokens: 4, output_tokens: out }, content: [] },
      });
    expect(reportOf("claude", [line(1), line(6)], 143)).toMatchObject({
      turns: 1,
      tokens: { input: 4, output: 6 },
    });
  });

  test("that ends without a word is classed by what stands on stderr", () => {
    expect(reportOf("claude", [], 1, "Error: Not logged in · Please run /login\n").error?.class).toBe("auth");
    expect(reportOf("codex", [], 1, "segmentation fault").error).toMatchObject({
      class: null,
      problem: "segmentation fault",
    });
  });

  test("Claude's own notice of a used-up limit carries the time", () => {
    const lines = [
      '{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1795300000}}',
      '{"type":"result","subtype":"success","is_error":true,"api_error_status":429,"result":"limit"}',
    ];
    expect(reportOf("claude", lines, 1).error).toMatchObject({ class: "quota", resetAt: 1_795_300_000_000 });
  });
});
