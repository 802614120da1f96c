import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { understand } from "../../../lib/core/chat/understand";
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
    'add a step lint with command "npm run lint"',
    "what can I say",
  ]);
});

test("where a name could mean several steps, the same request is offered for each", () => {
  const world = worldOf([{ id: "unit-tests" }, { id: "e2e-tests" }, { id: "build" }]);
  expect(understand('stop the tests and rename build to "B"', world)).toMatchObject({
    try: ['stop unit-tests and rename build to "B"', 'stop e2e-tests and rename build to "B"'],
  });
});
