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

  test("of a revision that is none is refused", async () => {
    const at = await Workspace.make({ steps: [{ id: "a" }] });
    for (const name of ["ffff0000", "", "../x"])
      expect(await at.json(["diff", name])).toMatchObject({ exit: 2, doc: { code: "revision.unknown" } });
  });
});
