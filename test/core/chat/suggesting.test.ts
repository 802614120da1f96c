import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { sayFailure } from "../../../lib/core/chat/answers/failure";
import type { World } from "../../../lib/core/chat/reading";
import { suggestionsNow } from "../../../lib/core/chat/suggest";
import { understand } from "../../../lib/core/chat/understand";
import type { Failure } from "../../../lib/core/failure";
import { intents } from "./blind-intents";
import { fillings } from "./blind-setting";
import { worldOf } from "./rig";

interface Wordings {
  blind?: string[];
  seen?: string[];
}
const corpora = ["offline-wordings", "offline-wordings-2"].map(
  (name) =>
    parse(readFileSync(join(__dirname, `../../corpus/${name}.yaml`), "utf8")) as {
      intents: Record<string, Wordings>;
      decline: Wordings;
    },
);
const all = ({ blind = [], seen = [] }: Wordings) => [...blind, ...seen];

/** Requests that go wrong: each wording with a word left out, and with one that nobody knows. */
const spoilt = (message: string, at: number): string[] => {
  const said = message.split(" ");
  const index = at % said.length;
  return [said.toSpliced(index, 1).join(" "), said.with(index, "frobnicate").join(" ")];
};

/** A suggestion that a person can say as it stands. */
const isWhole = (text: string) => !/…|<|^seqctl /.test(text);

test("whatever is refused says what can be said instead, and that is understood", () => {
  const wordings = corpora.flatMap((corpus) => [
    ...Object.entries(corpus.intents).flatMap(([name, said]) =>
      all(said).map((wording) => [wording, intents[name] ?? {}] as const),
    ),
    ...all(corpus.decline).map((wording) => [wording, {}] as const),
  ]);
  const silent: string[] = [];
  let refusals = 0;
  // One in three, each spoilt at another place, is enough to meet every refusal there is.
  for (const [number, [wording, shape]] of wordings.filter((_, index) => index % 3 === 0).entries())
    for (const { message, said } of fc.sample(fillings(wording, shape), { seed: 20261, numRuns: 1 }))
      for (const wish of [message, ...spoilt(message, number)]) {
        const read = understand(wish, said.world);
        if (read.kind !== "refusal") continue;
        refusals += 1;
        if (read.try.length === 0) silent.push(`'${wish}' names nothing`);
        for (const text of read.try.filter(isWhole))
          if (understand(text, said.world).kind === "refusal") silent.push(`'${wish}' names '${text}'`);
      }
  expect(silent).toEqual([]);
  expect(refusals).toBeGreaterThan(200);
}, 120_000);

test("an empty sequence is offered what can be said about it", () => {
  const world = worldOf([]);
  for (const wish of ["frobnicate", "commit it", "stop build", ""]) {
    const read = understand(wish, world);
    if (read.kind !== "refusal") throw new Error(JSON.stringify(read));
    expect(read.try).not.toEqual([]);
    for (const text of read.try.filter(isWhole))
      expect([text, understand(text, world).kind]).not.toContain("refusal");
  }
});

test("what takes a step is not offered where there is none", () => {
  const read = understand("frobnicate", worldOf([]));
  expect(read.kind === "refusal" ? read.try : []).toEqual([
    'add a step build with command "npm run build"',
    'add a step test with command "npm test"',
    "what can I say",
  ]);
});

test("where a name could mean several steps, the same request is offered for each", () => {
  const world = worldOf([{ id: "unit-tests" }, { id: "e2e-tests" }, { id: "build" }]);
  expect(understand('stop the tests and rename build to "B"', world)).toMatchObject({
    try: ['stop unit-tests and rename build to "B"', 'stop e2e-tests and rename build to "B"'],
  });
});

const statuses = [
  "BLOCKED",
  "READY",
  "QUEUED",
  "RUNNING",
  "RETRYING",
  "NEEDS_REVIEW",
  "DONE",
  "FAILED",
  "SKIPPED",
];

/** Whether a suggestion is true of the world that it is made for. */
function isTrue(text: string, world: World): boolean {
  const statusOf = (id = "") => [...world.steps, ...world.gates].find((node) => node.id === id)?.status ?? "";
  if (text === "run what is ready") return world.steps.some(({ status }) => status === "READY");
  if (text === "what failed") return world.steps.some(({ status }) => status === "FAILED");
  const waits = /^why is (\S+) waiting$/.exec(text)?.[1];
  if (waits) return ["BLOCKED", "QUEUED", "PENDING"].includes(statusOf(waits));
  const logged = /log of (\S+)$/.exec(text)?.[1];
  if (logged) return !["BLOCKED", "READY", "QUEUED", "SKIPPED"].includes(statusOf(logged));
  const failed = /^(?:retry (\S+)|why did (\S+) fail)$/.exec(text);
  if (failed) return statusOf(failed[1] ?? failed[2]) === "FAILED";
  const stopped = /^stop (\S+)$/.exec(text)?.[1];
  return !stopped || ["RUNNING", "RETRYING", "QUEUED", "STOPPING"].includes(statusOf(stopped));
}

const worlds = fc.array(fc.constantFrom(...statuses), { minLength: 0, maxLength: 4 }).map((standing) =>
  worldOf(
    standing.map((_, index) => ({
      id: `s${index}`,
      ...(index > 0 ? { depends_on: [`s${index - 1}`] } : {}),
    })),
    standing.length > 2 ? [{ id: "g", name: "G", depends_on: ["s0"] }] : [],
    Object.fromEntries(standing.map((status, index) => [`s${index}`, status])),
  ),
);

test("what is suggested is true now, understood, of several kinds, and never more than four", () => {
  const wishes = ["frobnicate the thing", "log it", "why", "run", "retry", "stop the press", "show s9", ""];
  fc.assert(
    fc.property(worlds, fc.constantFrom(...wishes), (world, wish) => {
      const read = understand(wish, world);
      const refused = read.kind === "refusal" ? read.try : [];
      for (const tries of [suggestionsNow(world, wish), refused]) {
        expect(tries.length).toBeLessThanOrEqual(4);
        expect(new Set(tries).size).toBe(tries.length);
        for (const text of tries.filter(isWhole))
          expect([text, isTrue(text, world), understand(text, world).kind === "refusal"]).toEqual([
            text,
            true,
            false,
          ]);
      }
    }),
    { numRuns: 400 },
  );
});

test.each<[string, Record<string, string>, string[]]>([
  [
    "nothing has run",
    { a: "READY", b: "BLOCKED" },
    ["why is b waiting", "run what is ready", "put a gate before b", "status"],
  ],
  [
    "one runs",
    { a: "RUNNING", b: "BLOCKED" },
    ["show me the log of a", "stop a", "put a gate before b", "status"],
  ],
  ["one failed", { a: "FAILED", b: "BLOCKED" }, ["what failed", "retry a", "put a gate before b", "status"]],
  [
    "all is done",
    { a: "DONE", b: "DONE" },
    ["show me the log of a", "rerun a", "put a gate before b", "status"],
  ],
])("where %s the empty chat offers that which helps", (_, standing, expected) => {
  const world = worldOf([{ id: "a" }, { id: "b", depends_on: ["a"] }], [], standing);
  expect(suggestionsNow(world, "")).toEqual(expected);
});

test("what helps with a refusal is about where the step stands now", () => {
  const world = worldOf([{ id: "a" }, { id: "b" }], [], { a: "DONE", b: "FAILED" });
  expect(sayFailure({ code: "step.running", id: "a" } as Failure, world)).toEndWith(
    "- show me the log of a\n- status",
  );
  expect(sayFailure({ code: "step.blocked", id: "b" } as Failure, world)).toEndWith(
    "- why did b fail\n- status",
  );
});
