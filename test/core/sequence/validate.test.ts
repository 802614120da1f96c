import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Failure, Place } from "../../../lib/core/failure";
import { renderFailure } from "../../../lib/core/failure-table";
import type { Json } from "../../../lib/core/json";
import { validateSequence } from "../../../lib/core/sequence/validate";
import { sequence } from "../rig/arbitrary-plan";
import { holds } from "../rig/holds";

type Map = { [key: string]: Json };

const around = (steps: Json, more: Map = {}): Json => ({ version: 1, name: "n", steps, ...more });
const one = (step: Map) => around([{ id: "a", ...step }]);

/** The refusal of a value, with the path its place was asked for. */
function refusal(value: unknown): Failure & { at: string } {
  const locate = (path: readonly (string | number)[], what: string): Place => ({
    file: `${what} ${path.join(".")}`,
    line: 1,
    column: 1,
  });
  const read = validateSequence(value as Json, locate);
  if (read.ok) throw new Error("it was taken");
  const { place, ...failure } = read.failure;
  return { ...failure, at: place?.file ?? "nowhere" } as Failure & { at: string };
}

const said = (value: unknown) => renderFailure(refusal(value)).message;

describe("a sequence is taken", () => {
  test.each<[string, Json]>([
    ["with no more than version and name", { version: 1, name: "n" }],
    ["without steps", around([])],
    ["with `steps:` left empty", around(null, { gates: null })],
    ["with a command that is a line for the shell, which will be asked about", one({ command: "rm -rf /" })],
    ["with an empty word in a command, but not as its program", one({ command: ["printf", ""] })],
    ["with a fan-out of fifty", one({ fanout: 50 })],
    ["with any metadata", around([], { metadata: { created_at: "x", deep: [{ a: null }] } })],
  ])("%s", (_, value) => expect(validateSequence(value)).toEqual({ ok: true, value: value as never }));

  test("whatever its graph, and as it was given", () => {
    holds(
      fc.property(sequence, (given) =>
        expect(validateSequence(given as Json)).toEqual({ ok: true, value: given }),
      ),
    );
  });

  test("with ten thousand steps, but not with one more", () => {
    const steps = Array.from({ length: 10_000 }, (_, i) => ({ id: `n${i}` }));
    expect(validateSequence(around(steps)).ok).toBe(true);
    expect(said(around([...steps, { id: "z" }]))).toBe("steps: must have at most 10000 items");
  });
});

describe("an id is refused", () => {
  test.each<[string, Json, string, string]>([
    ["that is a number", 12_345, "sequence.invalid", "step number 1, id: must be a text, not a number"],
    ["that is a path", "../../etc", "id.invalid", "'../../etc' can't be an id"],
    ["that is a device", "CON", "id.reserved", "'CON' is a device name on Windows and can't be an id"],
    ["with a dot at its end", "a.", "id.invalid", "'a.' can't be an id"],
    ["with a blank at its end", "a ", "id.invalid", "'a ' can't be an id"],
    ["that is long", "x".repeat(300), "id.invalid", `'${"x".repeat(80)}…' can't be an id`],
    ["with what can't be seen", "a\u200b", "id.invalid", "'a\\u{200b}' can't be an id"],
    ["that runs right to left", "a\u202e", "id.invalid", "'a\\u{202e}' can't be an id"],
  ])("%s", (_, id, code, message) => {
    const failure = refusal(around([{ id }]));
    expect(failure).toMatchObject({ code, at: "value steps.0.id" } as never);
    expect(renderFailure(failure).message).toBe(message);
  });

  test("that is a number, with the advice to quote it", () => {
    expect(renderFailure(refusal(around([{ id: 7 }]))).hint).toBe("an id is a text: put it in quotes");
  });

  test("that is missing, at the step that lacks it", () => {
    expect(refusal(around([{ id: "a" }, {}]))).toMatchObject({
      where: "step number 2, id",
      at: "value steps.1",
    });
  });

  test.each<[string, Json]>([
    ["another step's", around([{ id: "Build" }, { id: "build" }])],
    ["a gate's", around([{ id: "build" }], { gates: [{ id: "BUILD", name: "b" }] })],
  ])("that is %s but for case", (_, value) => {
    expect(refusal(value)).toMatchObject({ code: "id.taken" });
    expect(said(value)).toMatch(/^the id '(build|BUILD)' is taken by the step '(Build|build)'$/);
  });

  test.each(["caf\u00e9", "cafe\u0301"])("that has a twin in Unicode: %s", (id) => {
    expect(refusal(around([{ id }]))).toMatchObject({ code: "id.invalid" });
  });

  test("of a group, too", () => {
    expect(refusal(one({ group_id: "a/b" }))).toMatchObject({
      code: "id.invalid",
      at: "value steps.0.group_id",
    });
  });
});

describe("an unknown key is refused with the nearest known one:", () => {
  test.each<[Json, string, string, string]>([
    [one({ comand: ["x"] }), "comand", "step 'a'", "command"],
    [around([{ id: "a" }], { gate: [] }), "gate", "the sequence", "gates"],
    [around([], { gates: [{ id: "g", name: "g", show: [] }] }), "show", "gate 'g'", "shows"],
    [one({ retry: { limit: 1, backof_ms: 1 } }), "backof_ms", "step 'a', retry", "backoff_ms"],
    [one({ outputs: { shema: {} } }), "shema", "step 'a', outputs", "schema"],
    [around([], { policy: { max_concurent: 1 } }), "max_concurent", "policy", "max_concurrent"],
    [around([], { defaults: { modl: "x" } }), "modl", "defaults", "model"],
    [around([], { defaults: { retry: { limt: 1 } } }), "limt", "defaults.retry", "limit"],
    [
      around([], { gates: [{ id: "g", name: "g", questions: [{ id: "q", type: "text", akk: "x" }] }] }),
      "akk",
      "gate 'g', questions.0",
      "ask",
    ],
  ])("%j", (value, key, where, nearest) => {
    const failure = refusal(value);
    expect(failure).toMatchObject({ code: "sequence.unknown_key", key, where, nearest });
    expect(failure.at).toMatch(new RegExp(`^key .*\\b${key}$`));
    expect(renderFailure(failure).hint).toBe(`did you mean '${nearest}'?`);
  });

  test("before anything else that is wrong, and without steering a terminal", () => {
    expect(refusal(one({ timeout_ms: -1, comand: 1 }))).toMatchObject({ key: "comand" });
    expect(said(around([{ id: "\u001b[2J", "\u001b[31m": 1 }]))).toBe(
      "unknown key '\\u{1b}[31m' in step '\\u{1b}[2J'",
    );
  });
});

describe("a version", () => {
  test("that is newer is refused as such", () => {
    expect(refusal({ version: 99, anything: "new" })).toEqual({
      code: "sequence.version",
      found: "99",
      newest: 1,
      at: "value version",
    });
  });

  test.each<[Json, string]>([
    [{ version: "1", name: "n" }, "version: must be 1"],
    [{ version: 0, name: "n" }, "version: must be 1"],
    [{ name: "n" }, "version: is missing"],
    [{ version: 1 }, "name: is missing"],
  ])("and a name are there: %j", (value, message) => expect(said(value)).toBe(message));
});

describe("a value out of bounds is refused:", () => {
  test.each<[string, Map]>([
    ["a negative time limit", { timeout_ms: -1 }],
    ["an endless time limit", { timeout_ms: Number.POSITIVE_INFINITY }],
    ["a time limit that is no number", { timeout_ms: Number.NaN }],
    ["a time limit in words", { timeout_ms: "5 minutes" }],
    ["part of a millisecond", { timeout_ms: 1.5 }],
    ["a billion retries", { retry: { limit: 1e9 } }],
    ["retries without a limit", { retry: { backoff_ms: 1 } }],
    ["a fan-out of 51", { fanout: 51 }],
    ["an empty command", { command: [] }],
    ["an empty line", { command: "" }],
    ["a command without a program", { command: [""] }],
    ["a word that is no text", { command: ["x", 3] }],
    ["a word with NUL", { command: ["x\0"] }],
    ["a line with NUL", { command: "x\0" }],
    ["a command that is a map", { command: { run: "x" } }],
    ["a type there is not", { type: "z" }],
    ["one need that is not in a list", { depends_on: "b" }],
    ["an environment variable that is no text", { env: { A: 3 } }],
    ["an environment variable with an odd name", { env: { "A-B": "x" } }],
    ["an empty name", { name: "" }],
    ["a prompt with NUL", { prompt: "a\0b" }],
  ])("%s", (_, step) => {
    const failure = refusal(one(step));
    const key = Object.keys(step)[0] as string;
    expect(failure).toMatchObject({
      code: "sequence.invalid",
      where: expect.stringContaining(`step 'a', ${key}`),
    });
    expect(failure.at).toStartWith(`value steps.0.${key}`);
    expect(renderFailure(failure).message).not.toContain("Invalid input");
  });

  test.each<[string, Json]>([
    ["nothing", null],
    ["a list", []],
    ["a text", "steps"],
    ["steps as a map", around({ a: {} })],
    ["a step that is nothing", around([null])],
    ["a gate without a name", around([], { gates: [{ id: "g" }] })],
  ])("%s", (_, value) => expect(refusal(value)).toMatchObject({ code: "sequence.invalid" }));
});

describe("members of a group", () => {
  const group_id = "g";

  test("agree on their fail policy, or the one who differs is named with the one it differs from", () => {
    const members = [
      { id: "a", group_id, fail_policy: "fail_fast" },
      { id: "b", group_id },
      { id: "c", group_id, fail_policy: "best_effort" },
    ];
    expect(refusal(around(members))).toMatchObject({ at: "value steps.2.fail_policy" });
    expect(said(around(members))).toBe(
      "step 'c', fail_policy: says best_effort, but 'a' in the same group says fail_fast",
    );
  });

  test("may leave it to others, and other groups differ", () => {
    const members = [
      { id: "a", group_id },
      { id: "b", group_id, fail_policy: "fail_fast" },
      { id: "c", group_id: "h", fail_policy: "best_effort" },
      { id: "d", fail_policy: "best_effort" },
    ];
    expect(validateSequence(around(members)).ok).toBe(true);
  });
});

describe("a fault of the graph is placed at the name that makes it:", () => {
  test.each<[string, Json, string]>([
    [
      "a name that points nowhere",
      around([{ id: "a" }, { id: "b", depends_on: ["a", "zz"] }]),
      "value steps.1.depends_on.1",
    ],
    [
      "the same in a gate",
      around([{ id: "a" }], { gates: [{ id: "g", name: "g", depends_on: ["zz"] }] }),
      "value gates.0.depends_on.0",
    ],
    [
      "a candidate that is not there",
      around([{ id: "s", fusion_synth: true, fusion_candidates: ["zz"] }]),
      "value steps.0",
    ],
    [
      "a circle",
      around([{ id: "x" }, { id: "a", depends_on: ["x", "b"] }, { id: "b", depends_on: ["a"] }]),
      "value steps.1.depends_on.1",
    ],
  ])("%s", (_, value, at) => expect(refusal(value).at).toBe(at));

  test("and its name can't steer a terminal", () => {
    expect(said(one({ depends_on: ["\u001b[2J"] }))).toBe(
      "'a' depends on '\\u{1b}[2J', which does not exist",
    );
  });

  test("and without a place where there is no text", () => {
    const read = validateSequence(one({ depends_on: ["a"] }));
    expect(read).toEqual({ ok: false, failure: { code: "dep.cycle", path: ["a", "a"] } });
  });
});

test("any value at all is taken or refused, never thrown at", () => {
  const nodes = fc.array(
    fc.dictionary(fc.constantFrom("id", "depends_on", "command", "retry", "env"), fc.jsonValue()),
  );
  const near = fc.record({ version: fc.constant(1), name: fc.constant("n"), steps: nodes, gates: nodes });
  holds(
    fc.property(fc.oneof(fc.jsonValue(), near), (value) => {
      const read = validateSequence(value as Json);
      if (!read.ok) expect(renderFailure(read.failure).exit).toBe(2);
    }),
    300,
  );
});

test("setup and test belong to a worktree, and keys in them are known ones", () => {
  const of = (step: Record<string, Json>) =>
    validateSequence({ version: 1, name: "s", steps: [{ id: "a", command: ["x"], ...step }] });
  const worktree = { setup: ["npm", "ci"], test: "npm test" };
  expect(of({ isolation: "worktree", worktree }).ok).toBe(true);
  expect(of({ worktree })).toMatchObject({
    failure: { code: "sequence.invalid", where: "step 'a', worktree" },
  });
  const misspelt = of({ isolation: "worktree", worktree: { setups: ["x"] } });
  expect(misspelt).toMatchObject({
    failure: { code: "sequence.unknown_key", key: "setups", nearest: "setup" },
  });
});

test.each([1, 2, 200])("each of %i steps that reads one which need not have ended is refused", (among) => {
  const reads = (id: string, needs: string[]) => ({
    id,
    command: ["true"],
    depends_on: needs,
    when: "steps.first.exit_code == 0",
  });
  const sound = Array.from({ length: among - 1 }, (_, at) =>
    reads(`s${at}`, [at === 0 ? "first" : `s${at - 1}`]),
  );
  const first = { id: "first", command: ["true"] };
  expect(validateSequence(around([first, ...sound])).ok).toBe(true);
  expect(said(around([first, ...sound, reads("last", [])]))).toContain("'first' need not have ended by then");
  const itself = { ...first, when: "steps.first.exit_code == 0" };
  expect(said(around([...sound, itself]))).toContain("'first' must depend on it");
});
