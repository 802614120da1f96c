import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Caller } from "../../lib/core/actor";
import { dispatch } from "../../lib/runtime/dispatch";
import { opened } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const person: Caller = { actor: "user", surface: "http" };
const agent: Caller = { actor: "agent:a", surface: "cli" };
const held = "hunter2-correct-horse";

/** A workspace where `•••` stands in one place by right. */
const make = () =>
  Workspace.make({
    steps: [
      {
        id: "a",
        command: ["curl", "-H", `Authorization: Bearer ${held}`],
        env: { API_KEY: held, COOKIE: held, URL: "postgres://u:pa55@h/y" },
      },
      { id: "b", name: "prints •••", model: "shell", command: ["echo", "•••"] },
    ],
  });

async function call(at: Workspace, action: string, input: object, as = person) {
  const { ports } = await opened(at);
  const done = await dispatch(ports, { action, input }, as, { yes: as === person });
  return done.ok ? "done" : `${done.failure.code}: ${"problem" in done.failure ? done.failure.problem : ""}`;
}

describe("what is shown of a secret never takes its place:", () => {
  const env = (given: object) => ({ id: "a", env: given });
  const change = (input: object) => ({ calls: [{ action: "step.edit", input }] });
  const named = { schema: { type: "object", properties: { "•••": {} } } };
  test.each<[string, string, object, string]>([
    ["under a new name", "step.edit", env({ OPENAI_API_KEY: "•••" }), "'steps.a.env.OPENAI_API_KEY'"],
    ["as a part of a value", "step.edit", env({ API_KEY: "Bearer •••" }), "'steps.a.env.API_KEY'"],
    ["as a part of an address", "step.edit", env({ URL: "postgres://u:•••@h/y" }), "'steps.a.env.URL'"],
    ["in a new step", "step.add", { id: "c", env: { API_KEY: "•••" } }, "'steps.c.env.API_KEY'"],
    ["in a command", "step.edit", { id: "a", command: ["curl", "•••"] }, "'steps.a.command.1'"],
    ["as a name", "step.edit", { id: "a", outputs: named }, "'steps.a.outputs.schema.properties.•••'"],
    ["where another step has it", "step.edit", { id: "a", name: "prints •••" }, "'steps.a.name'"],
    ["in one of several edits", "sequence.change", change(env({ X_TOKEN: "•••" })), "'steps.a.env.X_TOKEN'"],
  ])("%s", async (_, action, input, place) => {
    const at = await make();
    const before = at.definition;
    for (const as of [person, agent])
      expect(await call(at, action, input, as)).toStartWith("input.invalid: ");
    expect(await call(at, action, input)).toContain(`${action}, ${place}: '•••' only stands for a secret`);
    expect(at.definition).toBe(before);
    expect((await at.json(["inbox"])).doc.proposals).toEqual([]);
  });

  test("in a whole text, also one that is to mend another", async () => {
    const at = await make();
    const text = at.definition.replace(`API_KEY: ${held}`, "API_KEY: •••");
    const line = text.split("\n").findIndex((one) => one.includes("API_KEY")) + 1;
    const refused = expect.stringContaining(`sequence.write, line ${line}: '•••' only stands for`);
    expect(await call(at, "sequence.write", { text })).toEqual(refused);
    at.write(".threados/sequence.yaml", `${at.definition}unknown: 1\n`);
    expect(await call(at, "sequence.write", { text })).toEqual(refused);
    expect(at.definition).toContain(`API_KEY: ${held}`);
  });

  test("in a prompt", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", model: "claude-code" }] });
    expect(await call(at, "prompt.edit", { id: "a", text: "Say hello\nwith token=•••\n" })).toContain(
      "prompt.edit, line 2: '•••' only",
    );
    expect(await call(at, "prompt.edit", { id: "a", text: "Say hello\n" })).toBe("done");
  });

  test("on the command line, which names the place and the remedy", async () => {
    const at = await make();
    const { exit, doc } = await at.json(["step", "edit", "a", "--env", '{"NEW_KEY":"•••"}']);
    expect(exit).not.toBe(0);
    expect(doc.error.message).toContain("'steps.a.env.NEW_KEY'");
    expect(doc.error.hint).toContain("secret:NAME");
  });
});

describe("what stands there already stays:", () => {
  test("a variable sent back as it was shown, whatever its name", async () => {
    const at = await make();
    const env = { API_KEY: "•••", COOKIE: "•••", URL: "•••", NEW: "x" };
    expect(await call(at, "step.edit", { id: "a", env })).toBe("done");
    expect(at.definition).not.toContain("KEY: •••");
    expect(at.definition.split(held)).toHaveLength(4);
    expect(at.definition).toContain("pa55");
  });

  test("a ••• that the file holds, in edits, copies and whole texts", async () => {
    const at = await make();
    const edit = { id: "b", name: "prints •••", command: ["env", "echo", "•••"] };
    expect(await call(at, "step.edit", edit)).toBe("done");
    expect(await call(at, "step.clone", { id: "b", new: "c" })).toBe("done");
    const text = at.definition.replace("name: rig", "name: other");
    expect(await call(at, "sequence.write", { text })).toBe("done");
    expect(at.definition.split("•••")).toHaveLength(5);
  });
});
