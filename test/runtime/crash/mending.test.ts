import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { proveAudit } from "../../rig/audit-proof";
import { until } from "../../rig/deadline";
import { Held } from "../../rig/held";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(120_000);
afterEach(cleanUp);

const file = ".threados/sequence.yaml";

/** A workspace as a crash leaves it: `step add late` is in the audit log, and its text is ready beside the old one. */
async function interrupted() {
  const at = await Workspace.make({ steps: [{ id: "a" }] });
  const old = at.definition;
  const { doc } = await at.json(["step", "add", "late"]);
  const text = at.definition;
  at.write(file, old);
  at.write(`.threados/.sequence.yaml.${doc.after}.tmp`, text);
  return { at, old, text };
}

const temporary = (at: Workspace) =>
  fs.readdirSync(at.path(".threados")).filter((name) => name.endsWith(".tmp"));

describe("a crash between the audit log and the definition", () => {
  test("is finished by the next command: what was recorded is published", async () => {
    const { at, text } = await interrupted();
    expect((await at.seqctl(["step", "rm", "nobody", "--yes"])).exit).toBe(2);
    expect(at.definition).toBe(text);
    expect(temporary(at)).toEqual([]);
    expect(at.audit().map((entry) => entry.action)).not.toContain("sequence.edited_outside");
  });

  test("never overwrites what a person wrote by hand meanwhile", async () => {
    const { at, old } = await interrupted();
    at.write(file, `${old}# by hand\n`);
    expect((await at.seqctl(["step", "add", "b"])).exit).toBe(0);
    expect(at.definition).toContain("# by hand\n");
    expect(at.definition).not.toContain("late");
    expect(temporary(at)).toEqual([]);
    expect(at.audit().filter((entry) => entry.action === "sequence.edited_outside")).toHaveLength(1);
  });

  test("before the audit log knew of it, is as if nothing had been asked", async () => {
    const at = await Workspace.make({ steps: [{ id: "a" }] });
    const before = at.definition;
    at.write(`.threados/.sequence.yaml.${"0".repeat(64)}.tmp`, "half of a te");
    expect((await at.seqctl(["step", "edit", "a", "--name", "a"])).exit).toBe(0);
    expect(temporary(at)).toEqual([]);
    expect((await at.seqctl(["undo"])).exit).toBe(0);
    expect(at.definition).toBe(before);
  });
});

test("what an engine meant to start, and did not, does not begin by another definition", async () => {
  const at = await Workspace.make();
  const held = new Held(at);
  const steps = [
    { id: "slow", command: held.command("slow") },
    { id: "ship", command: ["touch", "shipped"] },
  ];
  at.write(file, JSON.stringify({ version: 1, name: "rig", steps, gates: [] }));
  expect((await at.seqctl(["run", "step", "slow", "--yes", "--detach"])).exit).toBe(0);
  await held.hasBegun("slow");
  await at.killEngine();
  const [run] = at.runs();
  const seq = at.facts().length;
  const meant = { type: "attempt.intended", step: "ship", attempt: 1, fence: 1, definition: "0".repeat(64) };
  const line = JSON.stringify({ seq: seq + 1, ts: new Date().toISOString(), ...meant });
  fs.appendFileSync(at.path(`.threados/runs/${run}/events.jsonl`), `${line}\n`);
  expect((await at.seqctl(["run", "--yes", "--detach"])).exit).toBe(0);
  await held.release("slow");
  await until("the engine to leave", () => at.facts().at(-1)?.type === "engine.stopped");
  expect(at.facts()).toContainEqual(
    expect.objectContaining({
      type: "attempt.refused",
      step: "ship",
      problem: "it changed before it could begin",
    }),
  );
  expect(fs.existsSync(at.path("shipped"))).toBe(false);
  expect((await at.seqctl(["run", "step", "ship", "--yes"])).exit).toBe(0);
  expect(fs.existsSync(at.path("shipped"))).toBe(true);
});

describe("a crash amid the writing of a successor", () => {
  test("publishes no half of a definition, though the last entry speaks of that very text", async () => {
    const at = await Workspace.make({ steps: [{ id: "a" }] });
    const same = ["step", "edit", "a", "--name", "same"];
    await at.seqctl(same);
    const { doc } = await at.json(same);
    expect(doc.after).toBe(doc.before);
    const before = at.definition;
    at.write(`.threados/.sequence.yaml.${doc.after}.tmp`, before.slice(0, 20));
    expect((await at.seqctl(["step", "add", "b"])).exit).toBe(0);
    expect(at.definition).toBe(`${before}  - id: b\n`);
    expect(temporary(at)).toEqual([]);
  });

  test("publishes no half of a prompt, though the last entry speaks of that very text", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", model: "claude-code" }] });
    await at.seqctl(["prompt", "edit", "a", "--text", "old words"]);
    await at.seqctl(["prompt", "edit", "a", "--text", "new words"]);
    const note = at.audit().at(-1)?.payload.files[0];
    const place = new Bun.CryptoHasher("sha256").update(note.path).digest("hex").slice(0, 16);
    at.write(".threados/prompts/a.md", "old words");
    at.write(`.threados/.next.${place}.${note.after}.tmp`, "new w");
    expect((await at.seqctl(["step", "add", "b"])).exit).toBe(0);
    expect(at.read(".threados/prompts/a.md")).toBe("old words");
    const told = at.audit().filter((entry) => entry.action === "file.not_replaced");
    expect(told).toMatchObject([{ target: "prompts/a.md", result: "error" }]);
    expect(temporary(at)).toEqual([]);
  });
});

describe("a crash between the audit log and a run's journal", () => {
  test("is finished by the next command: an approval that was recorded holds", async () => {
    const at = await Workspace.make({
      gates: [
        { id: "g", name: "G" },
        { id: "h", name: "H" },
      ],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(3);
    const { run } = await at.status();
    const journal = `.threados/runs/${run}/events.jsonl`;
    const before = at.read(journal);
    await at.seqctl(["gate", "approve", "g", "--yes"]);
    const after = at.facts().map(({ seq, type }) => [seq, type]);
    at.write(journal, before);
    expect((await at.status()).gates).toMatchObject([{ status: "PENDING" }, { status: "PENDING" }]);
    expect(await at.json(["gate", "approve", "g", "--yes"])).toMatchObject({
      exit: 5,
      doc: { code: "gate.already" },
    });
    expect(at.facts().map(({ seq, type }) => [seq, type])).toEqual(after);
  });

  test("amid the writing behind a line that was torn before is finished: a repair counts for no fact", async () => {
    const at = await Workspace.make({ gates: [{ id: "g", name: "G" }] });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(3);
    const { run } = await at.status();
    const journal = `.threados/runs/${run}/events.jsonl`;
    fs.appendFileSync(at.path(journal), '{"seq":99,"type":"att');
    // The engine that an approval starts would go on in the journal.
    const lines = at.lines(".threados/audit.log").length;
    await at.seqctl(["gate", "approve", "g", "--yes"]);
    const written = at.lines(journal);
    const repaired = written.findIndex((line) => line.includes('"journal.repaired"'));
    expect(written[repaired + 1]).toContain('"gate.approved"');
    at.write(
      ".threados/audit.log",
      at
        .lines(".threados/audit.log")
        .slice(0, lines + 1)
        .map((line) => `${line}\n`)
        .join(""),
    );
    at.write(journal, `${written.slice(0, repaired + 1).join("\n")}\n{"seq":`);
    await at.seqctl(["step", "add", "x"]);
    expect((await at.status()).gates).toMatchObject([{ id: "g", status: "APPROVED" }]);
    expect(at.facts().filter(({ type }) => type === "gate.approved")).toHaveLength(1);
  });

  test("that never came to be: the run exists after the next command", async () => {
    const at = await Workspace.make({ gates: [{ id: "g", name: "G" }] });
    await at.seqctl(["run", "--yes"]);
    const { run } = await at.status();
    fs.rmSync(at.path(`.threados/runs/${run}`), { recursive: true });
    // The engine's own last word was not there yet either.
    const lines = at.lines(".threados/audit.log");
    const last = lines.findLastIndex((line) => line.includes('"run.start"'));
    at.write(
      ".threados/audit.log",
      lines
        .slice(0, last + 1)
        .map((line) => `${line}\n`)
        .join(""),
    );
    expect((await at.status()).run).toBeNull();
    await at.seqctl(["step", "add", "x"]);
    expect((await at.status()).run).toBe(run);
    expect((await at.seqctl(["audit", "verify"])).exit).toBe(0);
  });

  test("an empty folder of a run counts for nothing", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
    await at.seqctl(["run", "--yes"]);
    const { run } = await at.status();
    at.write(".threados/runs/7ZZZZZZZZZZZZZZZZZZZZZZZZZ/events.jsonl", "");
    expect((await at.status()).run).toBe(run);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
  });
});

describe("a torn last line", () => {
  test("of the audit log is cut off, kept beside it, and the repair recorded", async () => {
    const at = await Workspace.make();
    const whole = at.read(".threados/audit.log");
    fs.appendFileSync(at.path(".threados/audit.log"), '{"seq":2,"ts":"20');
    expect((await at.json(["audit", "tail"])).doc.entries).toHaveLength(1);
    expect((await at.seqctl(["step", "add", "a"])).exit).toBe(0);
    expect(at.audit().map((entry) => entry.action)).toEqual(["workspace.init", "audit.repaired", "step.add"]);
    expect(at.read(`.threados/audit.log.torn-${whole.length}`)).toBe('{"seq":2,"ts":"20');
    expect(proveAudit(at.lines(".threados/audit.log"))).toBe(3);
  });

  test("of the audit log is mended by `audit verify` too, which says so", async () => {
    const at = await Workspace.make();
    fs.appendFileSync(at.path(".threados/audit.log"), "x".repeat(100_000));
    const { exit, out } = await at.seqctl(["audit", "verify"]);
    expect(exit).toBe(0);
    expect(out).toContain("a torn last line of 100000 bytes was repaired");
    expect((await at.json(["audit", "verify"])).doc).toMatchObject({ entries: 2, repaired_bytes: 0 });
  });

  test("of a run's journal is cut off by the next engine, and the run goes on", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["test", "-e", "mended"] }] });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    const { run } = await at.status();
    fs.appendFileSync(at.path(`.threados/runs/${run}/events.jsonl`), '{"seq":99,"type":"attempt.ex');
    expect(await at.standing()).toEqual({ a: "FAILED exit 1" });
    at.write("mended", "");
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "DONE 2" });
    expect(at.facts().filter((fact) => fact.type === "journal.repaired")).toMatchObject([{ bytes: 28 }]);
    expect(at.facts().map((fact) => fact.seq)).toEqual(at.facts().map((_, i) => i + 1));
  });
});

describe("what was changed afterwards", () => {
  test.each([
    ["a changed byte", (lines: string[]) => lines.with(1, (lines[1] as string).replace('"s0"', '"s9"')), 2],
    ["a line taken away", (lines: string[]) => lines.toSpliced(1, 1), 2],
    [
      "two lines swapped",
      (lines: string[]) => [lines[0], lines[2], lines[1], ...lines.slice(3)] as string[],
      2,
    ],
    ["a line put in", (lines: string[]) => lines.toSpliced(2, 0, '{"seq":3}'), 3],
    ["a first line gone", (lines: string[]) => lines.slice(1), 1],
  ])("in the audit log is found: %s", async (_, change, line) => {
    const at = await Workspace.make();
    for (let i = 0; i < 3; i++) await at.seqctl(["step", "add", `s${i}`]);
    const lines = at.lines(".threados/audit.log");
    at.write(
      ".threados/audit.log",
      change(lines)
        .map((text) => `${text}\n`)
        .join(""),
    );
    const { exit, doc } = await at.json(["audit", "verify"]);
    expect({ exit, code: doc.code, line: doc.error.line }).toEqual({ exit: 6, code: "audit.corrupt", line });
  });

  test("in the audit log ends an engine that would have to record, and it says why; what runs goes on", async () => {
    const at = await Workspace.make();
    const held = new Held(at);
    await at.seqctl(["step", "add", "a", "--command", JSON.stringify(held.command("a"))]);
    await at.seqctl(["run", "--yes", "--detach"]);
    await held.hasBegun("a");
    const whole = at.read(".threados/audit.log");
    at.write(".threados/audit.log", `${whole}not an entry\n`);
    at.write(".threados/sequence.yaml", `${at.definition}# by hand\n`);
    await until("the engine to leave", () => at.enginePid() === undefined);
    expect(at.read(".threados/state/engine.log")).toContain("the last line is no entry");
    expect(await at.json(["step", "add", "b"])).toMatchObject({ exit: 6, doc: { code: "audit.corrupt" } });
    at.write(".threados/audit.log", whole);
    await held.release("a");
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "DONE 1" });
  });

  test("in a run's journal is found: nothing is guessed, and a new run can be opened", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["false"] }] });
    await at.seqctl(["run", "--yes"]);
    const { run } = await at.status();
    const journal = `.threados/runs/${run}/events.jsonl`;
    const whole = at.lines(journal);
    for (const spoilt of [whole.toSpliced(2, 1), whole.with(1, "not a fact")]) {
      at.write(journal, spoilt.map((line) => `${line}\n`).join(""));
      expect(await at.json(["status"])).toMatchObject({ exit: 6, doc: { code: "journal.corrupt" } });
    }
    expect((await at.seqctl(["run", "--yes", "--new"])).exit).toBe(1);
    expect((await at.status()).run).not.toBe(run);
  });
});
