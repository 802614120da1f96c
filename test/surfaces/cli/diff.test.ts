import { afterEach, describe, expect, test } from "bun:test";
import { sayIn } from "../../rig/fake-shell";
import { cleanUp, Workspace } from "../../rig/workspace";

afterEach(cleanUp);

describe("diff", () => {
  test("without a name shows the last change, by whom", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["x"] }, { id: "b" }] });
    expect(await at.json(["diff"])).toMatchObject({ exit: 2, doc: { code: "diff.nothing" } });
    await at.seqctl(["step", "add", "c"]);
    await at.seqctl(["step", "edit", "a", "--name", "First", "--depends-on", "b"]);
    const { doc } = await at.json(["diff"]);
    expect(doc).toMatchObject({
      nodes: [{ id: "a", change: "changed" }],
      from: { by: { action: "step.add" } },
    });
    const { out } = await sayIn(at, ["diff"]);
    expect(out).toContain("user  step.edit a");
    expect(out).toEndWith("~ step a\n    name: – → First\n    depends_on: +b\n");
  });

  test("compares a revision with the present, two with each other, and an outside edit with what was recorded", async () => {
    const at = await Workspace.make({ steps: [{ id: "a" }] });
    const first = (await at.json(["step", "add", "b"])).doc;
    await at.seqctl(["step", "add", "c"]);
    const since = await at.json(["diff", first.before.slice(0, 8)]);
    expect(since.doc.nodes.map((node: { id: string }) => node.id)).toEqual(["b", "c"]);
    const between = await at.json(["diff", first.before.slice(0, 8), first.after.slice(0, 8)]);
    expect(between.doc.nodes).toMatchObject([{ id: "b", change: "added" }]);
    at.write(".threados/sequence.yaml", at.definition.replace("id: c", "id: e"));
    const outside = await at.json(["diff"]);
    expect(outside.doc).toMatchObject({
      to: { by: null },
      nodes: [
        { id: "e", change: "added" },
        { id: "c", change: "removed" },
      ],
    });
  });

  test("leaves out a revision that was broken, and says so; named, it is refused as what it is", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
    const first = (await at.json(["step", "add", "b"])).doc;
    const good = at.definition;
    at.write(".threados/sequence.yaml", good.replace("- id: b", "- id: b\n    comand: x"));
    await at.seqctl(["status"]);
    expect((await at.seqctl(["undo", "--any"])).exit).toBe(0);
    const broken = at.audit().find(({ action }) => action === "sequence.edited_outside")?.after as string;
    const { exit, doc } = await at.json(["diff"]);
    expect({ exit, doc }).toMatchObject({
      exit: 0,
      doc: { skipped: broken, from: { digest: first.after, by: { action: "step.add" } }, nodes: [] },
    });
    expect((await sayIn(at, ["diff"])).out).toContain(`left out ${broken.slice(0, 12)}: it was no valid`);

    for (const names of [[broken], [first.before, broken]]) {
      const refused = await at.json(["diff", ...names.map((name) => name.slice(0, 12))]);
      expect(refused).toMatchObject({ exit: 2, doc: { code: "revision.broken" } });
      const { message, hint, place } = refused.doc.error;
      expect(message).toStartWith(`revision ${broken.slice(0, 12)} was no sequence`);
      expect(message).toContain("unknown key 'comand'");
      expect(hint).toContain(first.after.slice(0, 12));
      expect(at.lines(place.file)[place.line - 1]).toContain("comand: x");
    }
  });

  test("of a revision that is none is refused", async () => {
    const at = await Workspace.make({ steps: [{ id: "a" }] });
    for (const name of ["ffff0000", "", "../x"])
      expect(await at.json(["diff", name])).toMatchObject({ exit: 2, doc: { code: "revision.unknown" } });
  });
});
