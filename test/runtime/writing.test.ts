import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { dispatch } from "../../lib/runtime/dispatch";
import { opened } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const two = {
  steps: [
    { id: "a", command: ["true"] },
    { id: "b", command: ["true"] },
  ],
};

describe("writing the whole text of the sequence", () => {
  test("keeps every byte, comments too, and is one step to undo", async () => {
    const at = await Workspace.make(two);
    const before = at.definition;
    const text = `# mine\n${before.replace("id: b", "id: b # the second")}`;
    const { exit } = await at.json(["write", text]);
    expect(exit).toBe(0);
    expect(at.definition).toBe(text);
    await at.json(["undo"]);
    expect(at.definition).toBe(before);
  });

  test("is refused where another text stands by now, and where the text makes no sense", async () => {
    const at = await Workspace.make(two);
    const before = at.definition;
    const { revision } = (await at.json(["status"])).doc;
    await at.json(["step", "edit", "a", "--name", "A"]);
    const stale = await at.json(["write", before, "--base", revision]);
    expect([stale.exit, stale.doc.code]).toEqual([5, "revision.stale"]);
    const wrong = await at.json(["write", before.replace("id: b", "id: a")]);
    expect(wrong.exit).toBe(2);
    expect(at.definition).toContain("name: A");
  });

  test("asks twice where it takes a step or gate away", async () => {
    const at = await Workspace.make(two);
    const before = at.definition;
    const text = 'version: 1\nname: s\nsteps:\n  - { id: a, command: ["true"] }\n';
    // Nobody is there to be asked: it becomes a proposal.
    const asked = await at.json(["write", text]);
    expect([asked.exit, at.definition]).toEqual([3, before]);
    expect((await at.json(["write", text, "--yes"])).exit).toBe(0);
    expect(at.definition).toBe(text);
  });

  test("leaves its digest in the record, and the text as a revision", async () => {
    const at = await Workspace.make(two);
    await at.json(["write", `${at.definition}# more\n`]);
    const entry = at.audit().findLast(({ action }) => action === "sequence.write");
    const { length } = at.definition;
    expect(entry?.payload).toEqual({ input: { sha256: entry?.after, length } });
  });

  test("leaves its digest and length in the record when it is refused, too", async () => {
    const at = await Workspace.make(two);
    const text = `${at.definition}unknown: 1\nmetadata: { NOTE: not-kept-9 }\n`;
    expect((await at.json(["write", text])).exit).toBe(2);
    const sha256 = new Bun.CryptoHasher("sha256").update(text).digest("hex");
    const input = { sha256, length: text.length };
    expect(at.audit().at(-1)).toMatchObject({
      action: "sequence.write",
      result: "error",
      payload: { input },
    });
    expect(at.read(".threados/audit.log")).not.toContain("not-kept-9");
  });

  test("or anything else that is long, is no more than that in the record of its refusal", async () => {
    const at = await Workspace.make(two);
    const name = "long".repeat(10_000);
    expect((await at.json(["step", "edit", "nobody", "--name", name])).exit).not.toBe(0);
    const input = { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), length: expect.any(Number) };
    expect(at.audit().at(-1)?.payload).toEqual({ input });
    expect((await at.json(["step", "edit", "nobody", "--name", "short"])).exit).not.toBe(0);
    expect(at.audit().at(-1)?.payload).toEqual({ input: { id: "nobody", name: "short" } });
    expect((await at.json(["step", "add", name])).exit).toBe(2);
    expect(at.audit().at(-1)).toMatchObject({ payload: { input }, target: name.slice(0, 100) });
  });

  test("is recorded as it came where its edits are none", async () => {
    const at = await Workspace.make(two);
    const calls = ["no call", { action: "prompt.edit", input: "no map" }, { action: "step.rm", more: 1 }];
    expect((await at.json(["change", "--calls", JSON.stringify(calls)])).exit).toBe(2);
    expect(at.audit().at(-1)).toMatchObject({
      result: "error",
      payload: { input: { calls: [calls[0], calls[1], { action: "step.rm", more: 1 }] } },
    });
  });
});

describe("where a hand has broken the file", () => {
  const mended =
    'version: 1\nname: s\nsteps:\n  - { id: a, command: ["true"] } # mended\n  - { id: b, command: ["true"] }\n';
  const broken = mended.replace(" # mended\n", "\n").replace("id: b,", "id b,");
  const faulty = async () => {
    const at = await Workspace.make(two);
    await at.json(["step", "edit", "a", "--name", "A"]);
    at.write(".threados/sequence.yaml", broken);
    return at;
  };
  const digestOf = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex");

  test("a mended text takes its place, based on the broken one, and undo brings that back", async () => {
    const at = await faulty();
    const stale = await at.json(["write", mended, "--base", digestOf("another")]);
    expect([stale.exit, stale.doc.code, at.definition]).toEqual([5, "revision.stale", broken]);
    const { exit, doc } = await at.json(["write", mended, "--base", digestOf(broken)]);
    expect({ exit, before: doc.before, after: doc.after }).toEqual({
      exit: 0,
      before: digestOf(broken),
      after: digestOf(mended),
    });
    expect(at.definition).toBe(mended);
    const entry = at.audit().at(-1);
    expect(entry).toMatchObject({
      action: "sequence.write",
      before: digestOf(broken),
      after: digestOf(mended),
    });
    const undone = await at.json(["undo"]);
    expect([undone.exit, at.definition]).toEqual([0, broken]);
    expect(undone.doc.note).toContain("can't be read");
    expect((await at.json(["redo"])).exit).toBe(0);
    expect(at.definition).toBe(mended);
    expect((await at.json(["audit", "verify"])).exit).toBe(0);
  });

  test("a text that is broken as well is refused, and one that takes away what stood there asks", async () => {
    const at = await faulty();
    expect((await at.json(["write", `${broken}# more`])).exit).toBe(2);
    const less = mended.replace(/\n {2}- \{ id: b.*\n/, "\n");
    expect((await at.json(["write", less])).exit).toBe(3);
    expect(at.definition).toBe(broken);
  });
});

test("over a broken file of which nothing readable is recorded, as in a fresh clone, one is asked twice", async () => {
  const at = await Workspace.make(two);
  const broken = at.definition.replace("id: b", "id b");
  for (const name of ["audit.log", "revisions", "state"])
    fs.rmSync(at.path(`.threados/${name}`), { recursive: true, force: true });
  at.write(".threados/sequence.yaml", broken);
  const text = "version: 1\nname: s\nsteps: []\n";
  const { ports } = await opened(at);
  const page = { actor: "user", surface: "http" } as const;
  expect(await dispatch(ports, { action: "sequence.write", input: { text } }, page)).toMatchObject({
    failure: { code: "confirm.required", times: 2 },
  });
  // Nobody is there to be asked: it becomes a proposal.
  const asked = await at.json(["write", text]);
  expect([asked.exit, asked.doc.code, at.definition]).toEqual([3, "approval.pending", broken]);
  const { proposal } = asked.doc.error;
  expect((await at.json(["approve", proposal, "--yes"])).exit).toBe(0);
  expect(at.definition).toBe(text);
});

describe("an edit that says what it was made from", () => {
  test("is refused where another prompt stands by now, whoever wrote it", async () => {
    const at = await Workspace.make({ steps: [{ id: "think", model: "claude-code" }] });
    const shown = async () => (await at.json(["prompt", "show", "think"])).doc;
    expect((await shown()).sha256).toBe("");
    expect((await at.json(["prompt", "edit", "think", "--text", "one", "--base", ""])).exit).toBe(0);
    const { sha256 } = await shown();
    at.write(".threados/prompts/think.md", "by hand");
    const stale = await at.json(["prompt", "edit", "think", "--text", "two", "--base", sha256]);
    expect([stale.exit, stale.doc.code]).toEqual([5, "revision.stale"]);
    expect(stale.doc.error.message).toContain("the prompt changed meanwhile");
    expect((await shown()).text).toBe("by hand");
    expect(
      (await at.json(["prompt", "edit", "think", "--text", "two", "--base", (await shown()).sha256])).exit,
    ).toBe(0);
  });

  test("is refused where another text stands by now, alone and among others, and leaves its base out of the record", async () => {
    const at = await Workspace.make({ ...two, gates: [{ id: "g", name: "G" }] });
    const { revision } = (await at.json(["step", "show", "a"])).doc;
    expect((await at.json(["step", "edit", "a", "--name", "A", "--base", revision])).exit).toBe(0);
    expect(at.audit().at(-1)).toMatchObject({ before: revision, payload: { input: { id: "a", name: "A" } } });
    expect(at.audit().at(-1)?.payload).not.toHaveProperty("input.base");
    const before = at.definition;
    const edited = { action: "gate.edit", input: { id: "g", name: "Gate", base: revision } };
    const { revision: now } = (await at.json(["status"])).doc;
    const current = { action: "step.edit", input: { id: "a", name: "B", base: now } };
    for (const line of [
      ["step", "edit", "a", "--name", "B", "--base", revision],
      ["gate", "edit", "g", "--name", "Gate", "--base", revision],
      ["change", "--calls", JSON.stringify([edited])],
      ["change", "--calls", JSON.stringify([current, edited])],
    ]) {
      const { exit, doc } = await at.json(line);
      expect({ line, exit, code: doc.code }).toEqual({ line, exit: 5, code: "revision.stale" });
    }
    expect(at.definition).toBe(before);
  });
});

describe("changing what holds for the whole sequence", () => {
  test("touches only the lines it is about, and is one step to undo", async () => {
    const at = await Workspace.make(two);
    const before = at.definition;
    const defaults = JSON.stringify({ timeout_ms: 5000 });
    expect((await at.json(["sequence", "edit", "--defaults", defaults])).exit).toBe(0);
    expect(at.definition).toContain("timeout_ms: 5000");
    expect(at.definition.split("\n").filter((line) => !before.includes(line))).toEqual([
      "defaults:",
      "  timeout_ms: 5000",
    ]);
    await at.json(["undo"]);
    expect(at.definition).toBe(before);
  });

  test("a person is asked twice where its own rules hold less tightly afterwards, and never where they hold tighter", async () => {
    const at = await Workspace.make(two);
    const threados = await opened(at);
    const edit = (input: object) =>
      threados.dispatch({ action: "sequence.edit", input }, { actor: "user", surface: "http" });
    expect((await edit({ policy: { max_concurrent: 2 } })).ok).toBe(true);
    const held = at.definition;
    const asked = await edit({ unset: ["policy"] });
    expect(asked).toMatchObject({
      failure: { code: "confirm.required", times: 2, why: "it loosens the rules" },
    });
    expect(at.definition).toBe(held);
    expect((await edit({ policy: { max_concurrent: 1 } })).ok).toBe(true);
  });
});
