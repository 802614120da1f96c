import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const file = ".threados/sequence.yaml";
const brokenAs = (text: string, key: string) => text.replace("- id: a", `- id: a\n    ${key}: x`);

/** A workspace with one recorded change, and the texts around it. */
async function changed(rules: Record<string, unknown> = {}) {
  const at = await Workspace.make({ steps: [{ id: "a" }], rules });
  const first = at.definition;
  expect((await at.seqctl(["step", "edit", "a", "--name", "A"])).exit).toBe(0);
  return { at, first, good: at.definition };
}

describe("undo and redo are judged by the rules", () => {
  test("nothing is taken back while the rules can't be read, whatever stands in the sequence", async () => {
    const { at, good } = await changed();
    at.write(".threados/policy.yaml", "mdoe: SAFE\n");
    for (const text of [good, brokenAs(good, "comand")]) {
      at.write(file, text);
      for (const line of [["undo"], ["undo", "--any", "--yes"], ["redo", "--any", "--yes"]]) {
        const { exit, doc } = await at.json(line);
        expect({ line, exit, code: doc.code }).toEqual({ line, exit: 2, code: "policy.invalid" });
        expect(at.definition).toBe(text);
      }
    }
  });

  test("a rule that asks about undo asks over a broken file too", async () => {
    const { at, good } = await changed({ confirmation_required: ["sequence.undo"] });
    const broken = brokenAs(good, "comand");
    at.write(file, broken);
    const asked = await at.json(["undo", "--any"]);
    expect([asked.exit, asked.doc.code, at.definition]).toEqual([3, "approval.pending", broken]);
    const { proposal } = asked.doc.error;
    expect((await at.json(["approve", proposal, "--yes"])).exit).toBe(0);
    expect(at.definition).toBe(good);
    expect(at.audit().at(-1)).toMatchObject({ action: "proposal.approve", result: "success" });
    expect((await at.json(["audit", "verify"])).exit).toBe(0);
  });
});
