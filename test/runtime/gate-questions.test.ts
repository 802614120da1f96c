import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../rig/deadline";
import { sayIn } from "../rig/fake-shell";
import { Sitting } from "../rig/sitting";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const complete = (at: Workspace) => until("the run's completion", async () => !(await at.status()).open);

/** A run that waits at a gate which asks. */
async function asking() {
  const at = await Workspace.make({
    steps: [
      { id: "build", command: ["true"] },
      {
        id: "prod",
        command: ["sh", "-c", 'printf %s "$THREADOS_ANSWERS" > answers.json'],
        depends_on: ["g"],
        when: "gates.g.answers.env == 'prod' and gates.g.answers.sure",
      },
      { id: "dev", command: ["true"], depends_on: ["g"], when: "gates.g.answers.env == 'dev'" },
      { id: "many", command: ["true"], depends_on: ["g"], when: "gates.g.answers.count == 3" },
    ],
    gates: [
      {
        id: "g",
        name: "Where to",
        depends_on: ["build"],
        questions: [
          { id: "env", type: "choice", options: ["dev", "prod"], ask: "Where does it go?" },
          { id: "sure", type: "yes_no" },
          { id: "count", type: "number", required: false },
          { id: "note", type: "text", required: false },
        ],
      },
    ],
  });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(3);
  return at;
}

const approve = (at: Workspace, ...answers: string[]) =>
  at.json(["gate", "approve", "g", "--yes", ...answers.flatMap((answer) => ["--answer", answer])]);

describe("the answers to a gate's questions", () => {
  test("decide what runs below it, reach its environment, and are on record", async () => {
    const at = await asking();
    expect((await approve(at, "env=prod", "sure=yes", "note=as agreed")).exit).toBe(0);
    await complete(at);
    expect(await at.standing()).toMatchObject({
      prod: "DONE 1",
      dev: "SKIPPED when",
      many: "SKIPPED when",
    });
    const { out } = await at.seqctl(["gate", "show", "g"]);
    expect(out).toContain("? env: Where does it go? (dev, prod)  → prod\n");
    expect(out).toContain("? note: note (text, optional)  → as agreed\n");
    expect(out).toContain("? count: count (number, optional)\n");
    const answers = { env: "prod", sure: true, note: "as agreed" };
    expect(JSON.parse(at.read("answers.json"))).toEqual({ g: answers });
    expect(at.facts().find((fact) => fact.type === "gate.approved")).toMatchObject({ answers });
    expect(at.audit().find((entry) => entry.action === "gate.approve")).toMatchObject({
      payload: { input: { id: "g", answers: { env: "prod", sure: "yes", note: "as agreed" } } },
    });
    expect((await at.json(["gate", "show", "g"])).doc.decision).toMatchObject({ answers });
  });

  test.each([
    [[], "gate.unanswered", "asks 'env', 'sure' first"],
    [["env=prod"], "gate.unanswered", "asks 'sure' first"],
    [["env=mars", "sure=no"], "input.invalid", "must be one of dev, prod"],
    [["env=dev", "sure=perhaps"], "input.invalid", "must be yes or no"],
    [["env=dev", "sure=no", "count=few"], "input.invalid", "must be a number"],
    [["env=dev", "sure=no", "nvo=x"], "input.invalid", "asks no 'nvo'"],
  ])("are checked: %j", async (answers, code, problem) => {
    const at = await asking();
    const { exit, doc } = await approve(at, ...answers);
    expect({ exit, code: doc.code }).toEqual({ exit: 2, code });
    expect(doc.error.message).toContain(problem);
    expect((await at.status()).gates).toMatchObject([{ status: "PENDING" }]);
  });

  test("are asked for at a terminal, again if one does not fit", async () => {
    const at = await asking();
    const said = await sayIn(at, ["gate", "approve", "g"], {
      answers: ["mars", "", "dev", "n", "few", "", " as agreed ", "y"],
    });
    expect(said.exit).toBe(0);
    expect(said.questions.map((question) => question.trim())).toEqual([
      "? Where does it go? (dev, prod)",
      "? Where does it go? (dev, prod)",
      "? Where does it go? (dev, prod)",
      "? sure (yes/no)",
      "? count (number; Enter leaves it out)",
      "? count (number; Enter leaves it out)",
      "? note (Enter leaves it out)",
      "Go ahead? [y/N]",
    ]);
    expect(said.err).toContain("must be one of dev, prod");
    expect(said.err).toContain("this one has to be answered; Ctrl-D ends it");
    expect(said.err.match(/a yes is bound to/g)).toHaveLength(1);
    const answers = { env: "dev", sure: false, note: "as agreed" };
    expect(at.facts().find((fact) => fact.type === "gate.approved")).toMatchObject({ answers });
    await complete(at);
    expect(await at.standing()).toMatchObject({ prod: "SKIPPED when", dev: "DONE 1" });
  });
});

test("a person who ends the input at a gate's question has decided nothing", async () => {
  const at = await asking();
  const said = await sayIn(at, ["gate", "approve", "g"], { answers: ["prod", null] });
  expect(said.exit).toBe(2);
  expect((await at.status()).gates).toMatchObject([{ status: "PENDING" }]);
});

test("answers that are pasted in one piece count one after the other, a last line that is not ended too", async () => {
  const at = await asking();
  const person = await Sitting.start(at, ["gate", "approve", "g"]);
  await person.sees("? Where does it go?");
  person.type("dev\rno\r\ras ag");
  await person.sees("? note");
  person.type("reed\ry\r");
  expect(await person.ended()).toBe(0);
  expect(at.facts().find((fact) => fact.type === "gate.approved")).toMatchObject({
    answers: { env: "dev", sure: false, note: "as agreed" },
  });
});

test("a gate that only asks what may be left out asks it at a terminal all the same", async () => {
  const at = await Workspace.make({
    steps: [{ id: "build", command: ["true"] }],
    gates: [
      {
        id: "g",
        name: "Where to",
        depends_on: ["build"],
        questions: [
          { id: "note", type: "text", required: false },
          { id: "count", type: "number", required: false },
        ],
      },
    ],
  });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(3);
  const said = await sayIn(at, ["gate", "approve", "g", "--answer", "count=3"], { answers: ["fine", "y"] });
  expect(said.exit).toBe(0);
  expect(said.questions.map((question) => question.trim())).toEqual([
    "? note (Enter leaves it out)",
    "Go ahead? [y/N]",
  ]);
  expect(said.err.match(/a yes is bound to/g)).toHaveLength(1);
  expect(at.facts().find((fact) => fact.type === "gate.approved")).toMatchObject({
    answers: { note: "fine", count: 3 },
  });
});

test.each([
  ["gates.h.answers.env", "there is no gate 'h'"],
  ["gates.g.answers.envi", "asks no 'envi'; did you mean 'env'?"],
  ["gates.g.status == 'x'", "is not of the form gates.<id>.answers.<question>"],
  ["gates.late.answers.q", "need not be decided by then"],
])("a condition that reads what no gate is asked is refused: %s", async (when, problem) => {
  const at = await Workspace.make();
  at.write(
    ".threados/sequence.yaml",
    JSON.stringify({
      version: 1,
      name: "rig",
      steps: [{ id: "a", command: ["true"], depends_on: ["g"], when }],
      gates: [
        { id: "g", name: "G", questions: [{ id: "env", type: "text" }] },
        { id: "late", name: "L", questions: [{ id: "q", type: "text" }] },
      ],
    }),
  );
  const { exit, doc } = await at.json(["status"]);
  expect(exit).toBe(2);
  expect(doc.error.message).toContain(problem);
});

test.each([
  [[{ id: "q", type: "choice" }], "a choice needs options to choose from"],
  [[{ id: "q", type: "choice", options: ["a", "b", "a"] }], "the option 'a' stands there twice"],
  [[{ id: "q", type: "text", options: ["a"] }], "options belong to a choice"],
  [
    [
      { id: "q", type: "text" },
      { id: "q", type: "number" },
    ],
    "'q' is asked twice",
  ],
  [[{ id: "a b", type: "text" }], "'a b' is no id"],
])("questions that contradict themselves are refused: %j", async (questions, problem) => {
  const at = await Workspace.make();
  at.write(
    ".threados/sequence.yaml",
    JSON.stringify({ version: 1, name: "rig", gates: [{ id: "g", name: "G", questions }] }),
  );
  const { exit, doc } = await at.json(["status"]);
  expect(exit).toBe(2);
  expect(doc.error.message).toContain(problem);
});
