import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { dispatch } from "../../lib/runtime/dispatch";
import { opened } from "../rig/fake-shell";
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

  test("a rule that asks about undo asks over a broken file too, and a yes is about that file", async () => {
    const { at, good } = await changed({ confirmation_required: ["sequence.undo"] });
    const [broken, other] = [brokenAs(good, "comand"), brokenAs(good, "othr")];
    at.write(file, broken);
    const asked = await at.json(["undo", "--any"]);
    expect([asked.exit, asked.doc.code, at.definition]).toEqual([3, "approval.pending", broken]);
    const { proposal } = asked.doc.error;
    at.write(file, other);
    const moved = await at.json(["approve", proposal, "--yes"]);
    expect([moved.exit, moved.doc.code, at.definition]).toEqual([5, "proposal.moved", other]);
    at.write(file, broken);
    expect((await at.json(["approve", proposal, "--yes"])).exit).toBe(0);
    expect(at.definition).toBe(good);
    expect(at.audit().at(-1)).toMatchObject({ action: "proposal.approve", result: "success" });
    expect((await at.json(["audit", "verify"])).exit).toBe(0);
  });
});

test("the inbox shows a way out of a broken file that waits for a yes as one that can be taken", async () => {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }, { id: "b" }] });
  expect((await at.seqctl(["run", "step", "a", "--yes"])).exit).toBe(0);
  const good = at.definition;
  const broken = brokenAs(good, "comand");
  const { ports } = await opened(at);
  const agent = { actor: "agent:b", surface: "cli" } as const;
  for (const [action, input, after] of [
    ["sequence.undo", { any: true }, good],
    ["sequence.write", { text: `# whole\n${good}` }, `# whole\n${good}`],
  ] as const) {
    at.write(file, broken);
    const asked = await dispatch(ports, { action, input }, agent);
    expect(asked).toMatchObject({ ok: false, failure: { code: "approval.pending" } });
    const [{ id, confirm, state }, ...others] = (await at.json(["inbox"])).doc.proposals;
    expect({ state, others }).toEqual({ state: "ready", others: [] });
    expect((await at.json(["approve", id, "--digest", confirm])).exit).toBe(0);
    expect(at.definition).toBe(after);
  }
});

describe("between texts that a hand has broken", () => {
  /** Two broken texts in a row, each noticed, then mended and edited. */
  async function twiceBroken() {
    const { at, first, good } = await changed();
    const [one, two] = [brokenAs(good, "comand"), brokenAs(good, "othr")];
    for (const text of [one, two]) {
      at.write(file, text);
      expect((await at.seqctl(["step", "add", "b"])).exit).toBe(2);
    }
    const mended = `# mended\n${good}`;
    at.write(file, mended);
    expect((await at.seqctl(["step", "add", "b"])).exit).toBe(0);
    return { at, texts: { first, good, one, two, mended, last: at.definition } };
  }

  test("undo goes on to the nearest text that can be read, says what it passed, and redo leads back", async () => {
    const { at, texts } = await twiceBroken();
    const { first, good, one, two, mended, last } = texts;
    const went = async (verb: string, to: string) => {
      const { exit, doc } = await at.json([verb, "--any"]);
      expect({ verb, exit, now: at.definition }).toEqual({ verb, exit: 0, now: to });
      return doc;
    };
    await went("undo", mended);
    await went("undo", two);
    const digest = new Bun.CryptoHasher("sha256").update(one).digest("hex");
    expect((await went("undo", good)).note).toContain(digest.slice(0, 12));
    await went("undo", first);
    expect(await at.json(["undo", "--any"])).toMatchObject({ exit: 2, doc: { code: "undo.nothing" } });
    await went("redo", good);
    await went("redo", one);
    await went("redo", mended);
    await went("redo", last);
    expect((await at.json(["audit", "verify"])).exit).toBe(0);
  });

  test("a file that is gone after a broken text was noticed is brought back as it was before that", async () => {
    const { at, first, good } = await changed();
    at.write(file, brokenAs(good, "comand"));
    expect((await at.seqctl(["step", "add", "b"])).exit).toBe(2);
    fs.rmSync(at.path(file));
    for (const text of [good, first]) {
      expect((await at.json(["undo", "--any"])).exit).toBe(0);
      expect(at.definition).toBe(text);
    }
  });

  test("an agent is told of a fault where it stands, in the revision", async () => {
    const { at, texts } = await twiceBroken();
    expect((await at.json(["undo"])).exit).toBe(0);
    const { ports } = await opened(at);
    const agent = { actor: "agent:a", surface: "cli" } as const;
    const refused = await dispatch(ports, { action: "sequence.undo", input: { any: true } }, agent);
    const digest = new Bun.CryptoHasher("sha256").update(texts.two).digest("hex");
    expect(refused).toMatchObject({
      ok: false,
      failure: { code: "sequence.unknown_key", place: { file: `.threados/revisions/${digest}.yaml` } },
    });
  });
});
