import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { opened } from "../../rig/fake-shell";
import { value } from "../../rig/sequence";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

test.each([
  ["nothing", ""],
  ["half of one", '{"id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "calls": ['],
  ["something else", "[1]"],
  ["one without calls", '{"id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}'],
  ["null", "null"],
])(
  "a proposal's file that holds %s is left out and told of; the others are decided as ever",
  async (_, text) => {
    const at = await Workspace.make({ steps: [{ id: "a" }, { id: "b" }] });
    expect((await at.seqctl(["step", "rm", "a"])).exit).toBe(3);
    at.write(".threados/proposals/x.json.1.0.a.tmp", "what a crash left");
    expect((await at.seqctl(["step", "rm", "b"])).exit).toBe(3);
    const [first, waiting] = (await at.json(["inbox"])).doc.proposals;
    const torn = ".threados/proposals/01ARZ3NDEKTSV4RRFFQ69G5FAV.json";
    at.write(torn, text);
    expect((await at.json(["inbox"])).doc.proposals).toMatchObject([{ id: first.id }, { id: waiting.id }]);
    const told = { name: "proposal", state: "bad", detail: expect.stringContaining(torn) };
    expect((await at.json(["doctor"])).doc.checks).toContainEqual(expect.objectContaining(told));
    const problems = value(await (await opened(at)).query("sequence.problems", {}));
    expect(problems).toMatchObject({ problems: [{ code: "proposal.unreadable", file: torn }] });
    expect(await at.json(["reject", "01ARZ3NDEKTSV4RRFFQ69G5FAV"])).toMatchObject({
      doc: { code: "proposal.unknown" },
    });
    expect((await at.seqctl(["approve", waiting.id, "--yes"])).exit).toBe(0);
    expect(at.definition).not.toContain("id: b");
    expect(fs.readdirSync(at.path(".threados/proposals")).sort()).toEqual(
      ["01ARZ3NDEKTSV4RRFFQ69G5FAV.json", `${first.id}.json`, `${waiting.id}.json`].sort(),
    );
  },
);
