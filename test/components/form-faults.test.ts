import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { faultOf, faultsAt, faultsLeft } from "../../components/forms/fault";
import { judgeEdit } from "../../components/forms/judged";
import { labelOf } from "../../components/forms/label";
import { optionSaid, optionsOf, unsetSaid } from "../../components/forms/options";
import { type FieldSpec, type FormSchema, fieldsOf } from "../../components/forms/schema";
import { askedParts, withPart } from "../../components/forms/structure";
import { gateEdit } from "../../lib/core/actions/gate-edit";
import { stepEdit } from "../../lib/core/actions/step";
import type { Sequence } from "../../lib/core/sequence/schema";

const sequence: Sequence = {
  version: 1,
  name: "s",
  steps: [
    { id: "a", command: ["true"], retry: { limit: 1 }, timeout_ms: 1000 },
    { id: "b", command: ["true"], depends_on: ["a"] },
  ],
  gates: [{ id: "g", name: "G" }],
};
const said = (action: string, input: object) =>
  Object.fromEntries(
    Object.entries(judgeEdit(sequence, { action, input: input as never })).map(([key, faults]) => [
      key,
      faults.map(({ at, said }) => [at.join("."), said]),
    ]),
  );

describe("what keys say together is held against the field", () => {
  test("of a gate's questions each that is wrong, all at once", () => {
    const questions = [
      { id: "a b", type: "text" },
      { id: "q", type: "choice" },
      { id: "q", type: "choice", options: ["x", "y", "x"] },
      { id: "n", type: "number", options: ["1"] },
    ];
    expect(said("gate.edit", { id: "g", questions })).toEqual({
      questions: [
        ["0.id", "'a b' is no id: letters, digits, _ and -, up to 64."],
        ["1.options", "A choice needs options to choose from."],
        ["2.id", "'q' is asked twice."],
        ["2.options", "The option 'x' stands there twice."],
        ["3.options", "Options belong to a choice."],
      ],
    });
  });

  test("of a sub-sequence everything that can't stand beside it", () => {
    const beside = "It can't stand beside sequence: its steps say that themselves.";
    expect(said("step.edit", { id: "a", sequence: "sequences/check.yaml" })).toEqual({
      command: [["", beside]],
      retry: [["", beside]],
      timeout_ms: [["", beside]],
    });
  });

  test("and what another node is wrong with is not said of this one", () => {
    expect(said("step.edit", { id: "a", depends_on: ["nowhere"] })).toEqual({
      depends_on: [["0", expect.stringContaining("'nowhere', which does not exist")]],
    });
    expect(said("gate.edit", { id: "g", shows: ["a"] })).toEqual({});
    expect(said("step.edit", { id: "gone", name: "N" })).toEqual({});
  });
});

test("a fault of a schema stands beside the part that it is about", () => {
  const { error } = gateEdit.input.safeParse({
    id: "g",
    questions: [{ id: "a", type: "text" }, { type: "text" }],
  });
  const faults = error?.issues.map((issue) => faultOf(issue)) ?? [];
  expect(faults).toEqual([{ at: ["1", "id"], said: "Question 2, id is missing.", short: "It is needed." }]);
  expect(faultsAt(faultsAt(faults, 1), "id")).toEqual([expect.objectContaining({ at: [] })]);
  expect(faultsAt(faults, 0)).toEqual([]);
});

test("a fault goes with a change of its own part, and stays with one beside it", () => {
  const fault = { at: ["1", "id"], said: "s", short: "s" };
  const before = [{ id: "a" }, { type: "text" }];
  expect(faultsLeft([fault], before, [{ id: "other" }, { type: "text" }])).toEqual([fault]);
  expect(faultsLeft([fault], before, [{ id: "a" }, { id: "b", type: "text" }])).toEqual([]);
  expect(faultsLeft([fault], before, [{ type: "text" }])).toEqual([]);
  expect(faultsLeft([{ ...fault, at: [] }], "x", "y")).toEqual([]);
});

describe("a question", () => {
  const fields = fieldsOf(z.toJSONSchema(gateEdit.input, { io: "input" }) as FormSchema);
  const all = fields.find(({ key }) => key === "questions")?.parts ?? [];
  const part = (key: string) => all.find((each) => each.key === key) as FieldSpec;
  const keys = (parts: object) => askedParts(all, parts as never).map(({ key }) => key);

  test("has options only as a choice, or where they stand all the same", () => {
    expect(keys({ type: "choice" })).toContain("options");
    expect(keys({ type: "text" })).not.toContain("options");
    expect(keys({ type: "text", options: ["a"] })).toContain("options");
    expect(withPart(all, { id: "q", type: "choice", options: ["a"] }, "type", "number")).toEqual({
      id: "q",
      type: "number",
    });
  });

  test("offers yes or no once, and says what holds where nothing is chosen", () => {
    expect(optionsOf(part("type"), "text")).toEqual(["choice", "text", "number", "yes_no"]);
    expect(optionsOf(part("type"), "boolean")).toContain("boolean");
    expect(optionSaid(part("type"), "yes_no")).toBe("yes or no");
    expect(unsetSaid(part("required"))).toBe("not set: yes");
  });
});

test("kinds of threads are said in words", () => {
  const type = fieldsOf(z.toJSONSchema(stepEdit.input, { io: "input" }) as FormSchema).find(
    ({ key }) => key === "type",
  ) as FieldSpec;
  expect(type.options.map((option) => optionSaid(type, option))).toEqual([
    "base",
    "p: parallel",
    "c: chained",
    "f: fusion",
    "b: orchestrated",
    "l: long",
  ]);
  expect(unsetSaid(type)).toBe("not set");
});

test("fields are called in words, and no two alike that say something else", () => {
  const fields = fieldsOf(
    z.toJSONSchema(stepEdit.input, { io: "input" }) as FormSchema,
    new Set(["id", "unset", "base"]),
  );
  const parts = fields.flatMap(({ parts = [] }) => parts);
  const labels = [...fields, ...parts].map(({ key, of }) => labelOf(key, of));
  expect(new Set(labels).size).toBe(labels.length);
  for (const raw of ["Cwd", "Tty", "Cpu s", "Memory mb", "File mb", "Max", "Group id"])
    expect(labels).not.toContain(raw);
  expect(labels).toContain("Timeout (ms)");
});
