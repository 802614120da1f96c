import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

describe("undo and redo", () => {
  test("go back and forth byte for byte", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
    const texts = [at.definition];
    for (const line of [
      "step add b --depends-on a",
      "step edit b --name B",
      "gate insert g --name G --depends-on b",
      "step rm b --yes",
    ]) {
      await at.seqctl(line.split(" "));
      texts.push(at.definition);
    }
    // 'b' is needed by the gate, so the last line changed nothing.
    expect(texts.pop()).toBe(texts.at(-1) as string);
    for (const text of texts.slice(0, -1).reverse()) {
      expect((await at.seqctl(["undo"])).exit).toBe(0);
      expect(at.definition).toBe(text);
    }
    expect(await at.json(["undo"])).toMatchObject({ exit: 2, doc: { code: "undo.nothing" } });
    for (const text of texts.slice(1)) {
      expect((await at.seqctl(["redo"])).exit).toBe(0);
      expect(at.definition).toBe(text);
    }
    expect(await at.json(["redo"])).toMatchObject({ exit: 2, doc: { code: "undo.nothing" } });
  });

  test("a new change forgets what was undone", async () => {
    const at = await Workspace.make();
    await at.seqctl(["step", "add", "a"]);
    await at.seqctl(["undo"]);
    await at.seqctl(["step", "add", "b"]);
    expect((await at.seqctl(["redo"])).exit).toBe(2);
    expect((await at.status()).steps.map(({ id }) => id)).toEqual(["b"]);
  });

  test("a step that runs is not undone away", async () => {
    const at = await Workspace.make();
    const { Held } = await import("../../rig/held");
    const held = new Held(at);
    await at.seqctl(["step", "add", "a", "--command", JSON.stringify(held.command("a"))]);
    await at.seqctl(["run", "--yes", "--detach"]);
    await held.hasBegun("a");
    expect(await at.json(["undo"])).toMatchObject({ exit: 5, doc: { code: "step.running" } });
    expect(await at.json(["step", "rm", "a", "--yes"])).toMatchObject({
      exit: 5,
      doc: { code: "step.running" },
    });
    await held.release("a");
  });

  test("a lost revision is an integrity fault, not a guess", async () => {
    const at = await Workspace.make();
    await at.seqctl(["step", "add", "a"]);
    const text = at.definition;
    fs.rmSync(at.path(".threados/revisions"), { recursive: true });
    expect(await at.json(["undo"])).toMatchObject({ exit: 6, doc: { code: "revision.missing" } });
    expect(at.definition).toBe(text);
  });
});

describe("an edit from outside", () => {
  test("is recorded once, and undone only when one says so", async () => {
    const at = await Workspace.make();
    const before = at.definition;
    await at.seqctl(["step", "add", "a"]);
    const [mine, theirs] = [at.definition, `${at.definition}# by hand\n`];
    at.write(".threados/sequence.yaml", theirs);
    for (let i = 0; i < 3; i++) await at.seqctl(["status"]);
    for (let i = 0; i < 2; i++) expect((await at.seqctl(["step", "add", "a"])).exit).toBe(2);
    const noticed = at.audit().filter((entry) => entry.action === "sequence.edited_outside");
    expect(noticed).toMatchObject([{ actor: "system", result: "success" }]);

    const refused = await at.json(["undo"]);
    expect(refused).toMatchObject({ exit: 5, doc: { code: "undo.other_actor" } });
    expect(refused.doc.error.hint).toContain("--any");
    expect(at.definition).toBe(theirs);
    expect((await at.seqctl(["undo", "--any"])).exit).toBe(0);
    expect(at.definition).toBe(mine);
    expect((await at.seqctl(["undo"])).exit).toBe(0);
    expect(at.definition).toBe(before);
    expect((await at.seqctl(["redo"])).exit).toBe(0);
    expect(await at.json(["redo"])).toMatchObject({ exit: 5, doc: { code: "undo.other_actor" } });
    expect((await at.seqctl(["redo", "--any"])).exit).toBe(0);
    expect(at.definition).toBe(theirs);
  });

  test("is kept with its comments by the next change", async () => {
    const at = await Workspace.make({ steps: [{ id: "a" }] });
    at.write(".threados/sequence.yaml", `# mine\n${at.definition}`);
    expect((await at.seqctl(["step", "add", "b"])).exit).toBe(0);
    expect(at.definition).toStartWith("# mine\n");
  });

  test("that breaks the file is named with its place, blocks edits, and `undo --any` mends it", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
    await at.seqctl(["step", "add", "b"]);
    const good = at.definition;
    const broken = good.replace("- id: b", "- id: b\n    comand: x");
    at.write(".threados/sequence.yaml", broken);
    for (const line of [["status"], ["step", "add", "c"], ["run", "--yes"], ["why", "a"]]) {
      const { exit, err, out } = await at.seqctl(line);
      expect({ exit, out }).toEqual({ exit: 2, out: "" });
      expect(err).toMatch(
        /sequence\.yaml:\d+:\d+\n.*unknown key 'comand'[\s\S]*\^{6}[\s\S]*did you mean 'command'\?/,
      );
    }
    expect(at.definition).toBe(broken);
    expect(await at.json(["undo"])).toMatchObject({ exit: 5, doc: { code: "undo.other_actor" } });
    expect((await at.seqctl(["undo", "--any"])).exit).toBe(0);
    expect(at.definition).toBe(good);
    expect((await at.json(["audit", "verify"])).exit).toBe(0);
  });

  test("that takes the file away, or makes it unreadable, is mended by undo to the last recorded text", async () => {
    for (const spoil of [
      (path: string) => fs.rmSync(path),
      (path: string) => fs.writeFileSync(path, Buffer.from([0xff, 0xfe, 0, 1])),
      (path: string) => fs.truncateSync(path, 200 * 1024 * 1024),
    ]) {
      const at = await Workspace.make();
      await at.seqctl(["step", "add", "a"]);
      const good = at.definition;
      spoil(at.path(".threados/sequence.yaml"));
      expect((await at.seqctl(["status"])).exit).toBe(2);
      expect(await at.json(["undo"])).toMatchObject({ exit: 5, doc: { code: "undo.other_actor" } });
      expect((await at.seqctl(["undo", "--any"])).exit).toBe(0);
      expect(at.definition).toBe(good);
      expect((await at.seqctl(["undo"])).exit).toBe(0);
    }
  });
});
