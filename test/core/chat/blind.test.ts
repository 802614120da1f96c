// How requests fare that were worded by somebody who had not seen the code, and put aside unread until the rules stood.
// The first blind run, before any change: 147 of 197 wordings were read as they were meant (60 by the rules of before
// this corpus), 46 were not understood and proposed nothing, 4 were read as something else; 29 of 30 were declined.
// What failed was then mended in general. Five wordings turned out to be ambiguous, or to ask for what does not exist
// (`have claude and codex both do {a}, then merge`), and are declined now; two more intents got a heading of their own.
// The second set, of another one who had not seen it either, before any change for it: 510 of 588 wordings were read as
// meant, 65 were not understood and proposed nothing, 13 were read as something else; 71 of 76 were declined. Two of the 13 came
// to the same by another way. It was mended in general too (what is wished with "that", what is complained of, formulas,
// shorthand, slips of the finger); 20 wordings of it that ask for whole plans, for templates that do not exist, for two agents at
// one task or for several undos at once were put among the declined before it ran (510 of 608 without that). Wordings that
// ask for the last {n} runs, or who approved {g}, have to be read more exactly since. A new step before another takes over what
// that one waits for since, as a gate does: it started before that, which nobody means.
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { findAction } from "../../../lib/core/actions";
import { understand } from "../../../lib/core/chat/understand";
import { views } from "../../../lib/core/views/view";
import { intents, unlike } from "./blind-intents";
import { fillings } from "./blind-setting";

interface Wordings {
  blind?: string[];
  seen?: string[];
}

interface Corpus {
  intents: Record<string, Wordings>;
  decline: Wordings;
}

const read = (name: string) =>
  parse(readFileSync(join(__dirname, `../../corpus/${name}.yaml`), "utf8")) as Corpus;
const corpora = [read("offline-wordings"), read("offline-wordings-2")];

const seed = 20260;
const check = { seed, numRuns: 15, endOnFailure: true, includeErrorInReport: true } as const;
const all = ({ blind = [], seen = [] }: Wordings) => [...blind, ...seen];

test.each(corpora)(
  "there are 40 intents or more, each in at least three wordings, and what they come to is said once",
  (corpus) => {
    expect(Object.keys(corpus.intents).filter((name) => !(name in intents))).toEqual([]);
    const wide = Object.values(corpus.intents).filter(({ blind = [] }) => blind.length >= 3);
    expect(wide.length).toBeGreaterThanOrEqual(40);
    expect(corpus.decline.blind?.length).toBeGreaterThanOrEqual(15);
  },
);

const cases = corpora.flatMap(({ intents }) =>
  Object.entries(intents).flatMap(([name, wordings]) =>
    all(wordings).map((wording) => [name, wording] as const),
  ),
);
test.each(cases)("%s: %s", (name, wording) => {
  const intent = intents[name];
  if (!intent) throw new Error(`no intent '${name}'`);
  fc.assert(
    fc.property(fillings(wording, intent), ({ message, said }) => {
      const read = understand(message, said.world);
      const problem = unlike(read, intent.expect(said));
      if (problem !== undefined) throw new Error(`seed ${seed}: '${message}' was ${problem}`);
      // What is proposed is an action's own input, and what is asked a view's.
      if (read.kind === "calls")
        for (const { action, input } of read.calls)
          expect(findAction(action)?.input.safeParse(input).error?.issues ?? []).toEqual([]);
      if (read.kind === "ask") expect(views.map((view): string => view.name)).toContain(read.view);
    }),
    check,
  );
});

test.each(corpora.flatMap(({ decline }) => all(decline)))("declined: %s", (wording) => {
  fc.assert(
    fc.property(fillings(wording, {}), ({ message, said }) => {
      const read = understand(message, said.world);
      if (read.kind !== "refusal") throw new Error(`seed ${seed}: '${message}' was ${JSON.stringify(read)}`);
      expect(read.says.length).toBeGreaterThan(20);
      expect(read.try).not.toEqual([]);
    }),
    check,
  );
});

const perilous = ["step.rm", "gate.rm", "run.cancel", "run.stop", "gate.reject", "policy.mode"];
const imperative = /^(?!i |i'|we |please|can |could |yes|let|would|\{|no |don't|emergency)/i;

test("what is forbidden, asked about or hedged proposes nothing that removes, stops or loosens", () => {
  const stray: string[] = [];
  for (const [name, wording] of cases.filter(([, text]) => imperative.test(text))) {
    const intent = intents[name];
    if (!intent) continue;
    for (const { message, said } of fc.sample(fillings(wording, intent), { seed, numRuns: 1 }))
      for (const turned of [`don't ${message}`, `should I ${message}`, `${message} unless it rains`]) {
        // What is said behind a reason is part of the reason.
        if (name === "reject_gate" && turned.endsWith("rains")) continue;
        const read = understand(turned, said.world);
        const calls = read.kind === "calls" ? read.calls.map(({ action }) => action) : [];
        if (calls.some((action) => perilous.includes(action))) stray.push(`${turned}: ${calls.join(", ")}`);
      }
  }
  expect(stray).toEqual([]);
}, 60_000);
