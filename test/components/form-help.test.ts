import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { hintSaid, placeholderOf } from "../../components/forms/say";
import { type FieldSpec, type FormSchema, fieldsOf, readField } from "../../components/forms/schema";
import { sectioned } from "../../components/forms/sections";
import { gateEdit } from "../../lib/core/actions/gate-edit";
import { sequenceEdit } from "../../lib/core/actions/sequence-edit";
import { stepEdit } from "../../lib/core/actions/step";
import { parseExpression } from "../../lib/core/expression/parse";
import { Gate, Step } from "../../lib/core/sequence/schema";

const of = (action: { input: z.ZodType }) =>
  fieldsOf(z.toJSONSchema(action.input, { io: "input" }) as FormSchema, new Set(["id", "unset", "base"]));
const forms = { step: of(stepEdit), gate: of(gateEdit) };
const field = (key: string) => forms.step.find((each) => each.key === key) as FieldSpec;

describe.each(["step", "gate"] as const)("the form of a %s", (kind) => {
  const { main, sections } = sectioned(forms[kind]);

  test("shows every field once, each in a section that has a name of its own", () => {
    const shown = [...main, ...sections.flatMap(({ fields }) => fields)].map(({ key }) => key);
    expect(shown.toSorted()).toEqual(forms[kind].map(({ key }) => key).toSorted());
    expect(sections.map(({ title }) => title)).not.toContain("Other");
  });

  test("says of every field what it is for", () => {
    expect(forms[kind].filter(({ hint }) => hint === undefined).map(({ key }) => key)).toEqual([]);
  });

  test("gives an example of whatever is not chosen from a list, and each example is valid", () => {
    const { shape } = (kind === "step" ? Step : Gate) as { shape: Record<string, z.ZodType> };
    const free = forms[kind].filter(({ kind }) => !["choice", "truth", "nodes", "lines"].includes(kind));
    const chosen = new Set(["watchdog_for", "orchestrator"]);
    for (const { key, kind: how, example } of free.filter(({ key }) => !chosen.has(key))) {
      const read = readField(["map", "rows", "parts"].includes(how) ? "yaml" : how, example ?? "");
      if (!("value" in read) || read.value === undefined) throw new Error(`${key} has no example`);
      expect([key, shape[key]?.safeParse(read.value).success]).toEqual([key, true]);
    }
  });
});

test("the form of the sequence says of every field, and of each part of it, what it is for", () => {
  const bare = (specs: readonly FieldSpec[], at = ""): string[] =>
    specs.flatMap(({ key, hint, parts = [] }) => [
      ...(hint === undefined ? [`${at}${key}`] : []),
      ...bare(parts, `${at}${key}.`),
    ]);
  const fields = of(sequenceEdit);
  expect(bare(fields)).toEqual([]);
  expect(sectioned(fields).sections.map(({ title }) => title)).not.toContain("Other");
});

test("examples of expressions are expressions", () => {
  const until = field("loop").parts?.find(({ key }) => key === "until");
  for (const spec of [field("when"), field("for_each"), until])
    expect(parseExpression(spec?.example ?? "")).toMatchObject({ ok: true });
});

test("parts, and the rows of a map, have examples of their own", () => {
  expect(field("retry").parts?.map(placeholderOf)).toEqual(["e.g. 2", "e.g. 1000", "e.g. 2", "e.g. 60000"]);
  const { exampleName, value } = field("env");
  expect([exampleName, value && placeholderOf(value)]).toEqual(["NODE_ENV", "e.g. test"]);
  expect(placeholderOf(field("command"))).toBe("e.g. npm test");
  expect(placeholderOf(field("tags"))).toBe("e.g. slow, ui");
  expect(placeholderOf(field("retry"))).toBe("e.g. { limit: 2 }");
});

test("a hint is a sentence, and a time in ms says how long that is", () => {
  expect(hintSaid(field("timeout_ms"), "")).toBe("Longest time an attempt may take, in ms.");
  expect(hintSaid(field("timeout_ms"), "90000")).toBe(
    "Longest time an attempt may take, in ms. That is 1 m 30 s.",
  );
  expect(hintSaid(field("timeout_ms"), "soon")).toBe("Longest time an attempt may take, in ms.");
  expect(hintSaid(field("priority"), "9000")).toBe("Higher starts first among equals.");
});
