import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
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
    expect(entry?.payload).toEqual({ input: { sha256: entry?.after } });
  });
});
