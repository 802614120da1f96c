import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { chatOf, exchange, person, refused } from "../../rig/chat";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(120_000);
afterEach(cleanUp);

/** Whoever adds an entry to the audit log, by what they do. */
const writers: [string, (at: Workspace) => Promise<unknown>][] = [
  ["a command", async (at) => at.seqctl(["step", "add", "other"])],
  ["a refused command", async (at) => at.seqctl(["step", "rm", "nobody", "--yes"])],
  ["the chat, which keeps a proposal", async (at) => exchange((await chatOf(at)).chat, "add a step named b")],
  [
    "the chat, which refuses a step",
    async (at) => {
      const { chat } = await chatOf(at);
      const said = await chat.say({ message: "status" }, { ...person, actor: "agent:a" });
      expect(refused(said).code).toBe("agent.forbidden");
    },
  ],
  [
    "a verification, which mends the log",
    async (at) => {
      fs.appendFileSync(at.path(".threados/audit.log"), '{"seq":');
      expect((await at.seqctl(["audit", "verify"])).exit).toBe(0);
    },
  ],
];

test.each(writers)(
  "what a crash left behind its entry is not buried by %s: the definition",
  async (_, write) => {
    const at = await Workspace.make({ steps: [{ id: "a" }] });
    const before = at.definition;
    const { doc } = await at.json(["step", "add", "late"]);
    const text = at.definition;
    // As a crash leaves it: the entry is there, and the text is ready beside the old one.
    at.write(".threados/sequence.yaml", before);
    at.write(`.threados/.sequence.yaml.${doc.after}.tmp`, text);
    const entries = at.audit().length;
    await write(at);
    expect(at.audit().length).toBeGreaterThan(entries);
    expect((await at.seqctl(["step", "add", "last"])).exit).toBe(0);
    expect(at.definition).toContain("id: late");
    expect(at.audit().map(({ action }) => action)).not.toContain("sequence.edited_outside");
  },
);

test.each(writers)(
  "what a crash left behind its entry is not buried by %s: a gate's approval",
  async (_, write) => {
    const gates = ["g", "h"].map((id) => ({ id, name: id }));
    const at = await Workspace.make({ gates });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(3);
    const journal = `.threados/runs/${(await at.status()).run}/events.jsonl`;
    const before = at.read(journal);
    expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
    at.write(journal, before);
    await write(at);
    expect((await at.seqctl(["gate", "block", "h"])).exit).toBe(0);
    expect(at.facts().filter((fact) => fact.type === "gate.approved")).toHaveLength(1);
  },
);
