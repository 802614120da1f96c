import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import type { Caller } from "../../../lib/core/actor";
import { auditFile } from "../../../lib/io/files/audit-file";
import { acceptLog, logStanding } from "../../../lib/runtime/accept-log";
import { dispatch } from "../../../lib/runtime/dispatch";
import { verifyAudit } from "../../../lib/runtime/verify";
import { proveAudit } from "../../rig/audit-proof";
import { Crash, crashingPorts } from "../../rig/crashing";
import { opened } from "../../rig/fake-shell";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const log = ".threados/audit.log";
const keptOf = (at: Workspace) =>
  fs
    .readdirSync(at.path(".threados"))
    .filter((name) => name.includes(".spoilt-"))
    .map((name) => `.threados/${name}`);

async function lived(): Promise<Workspace> {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
  for (const id of ["b", "c"]) expect((await at.seqctl(["step", "add", id])).exit).toBe(0);
  return at;
}

describe("a log whose last line is whole and no entry", () => {
  test("is written on once a person has accepted it; what was no entry is kept, and verify says so", async () => {
    const at = await lived();
    const good = at.read(log);
    const line = at.lines(log).length + 1;
    fs.appendFileSync(at.path(log), "{}\n");
    const told = { exit: 6, doc: { error: { code: "audit.corrupt", line } } };
    for (const words of [
      ["step", "add", "late"],
      ["audit", "verify"],
    ]) {
      const refused = await at.json(words);
      expect(refused).toMatchObject(told);
      expect(refused.doc.error.hint).toContain("seqctl audit accept");
    }
    expect((await at.json(["status"])).doc.audit.problem).toBe("the last line is no entry");
    const asked = await at.json(["audit", "accept"]);
    expect(asked).toMatchObject({ exit: 3, doc: { code: "confirm.required" } });
    expect(JSON.stringify(asked.doc)).toContain(`audit.log, from line ${line} on: the last line is no entry`);
    const env = { THREADOS_ATTEMPT: "some-run/a/1" };
    expect(await at.json(["audit", "accept", "--yes"], { env })).toMatchObject({
      exit: 4,
      doc: { code: "agent.forbidden" },
    });
    expect(keptOf(at)).toEqual([]);

    const kept = `${log}.spoilt-${Buffer.byteLength(good)}`;
    expect((await at.json(["audit", "accept", "--yes"])).doc).toEqual({
      accepted: true,
      seq: line,
      kept: [kept],
    });
    expect(at.read(kept)).toBe("{}\n");
    expect(at.read(log).startsWith(good)).toBe(true);
    expect((await at.seqctl(["step", "add", "late"])).exit).toBe(0);
    proveAudit(at.lines(log));
    expect(at.audit()[line - 1]).toMatchObject({
      action: "audit.accept",
      payload: { problem: "the last line is no entry", kept: [{ file: log, line, kept, bytes: 3 }] },
    });
    const { exit, doc } = await at.json(["audit", "verify"]);
    expect(exit).toBe(0);
    expect(doc).toMatchObject({
      accepted: [{ seq: line, problem: "the last line is no entry", kept: [kept] }],
      // Nothing of the record itself was missing: what was kept of it counts on.
      earlier_log: null,
    });
    expect((await at.seqctl(["audit", "verify"])).out).toContain(
      `a person went on though the last line is no entry (kept in ${kept})`,
    );
    expect((await at.json(["audit", "accept", "--yes"])).doc).toEqual({ accepted: false });
  });

  test("goes on at the last entry there is, however much stands behind that, and in its place", async () => {
    const at = await lived();
    const lines = at.lines(log);
    const good = `${lines.slice(0, -1).join("\n")}\n`;
    const spoilt = `\nrubbish\n\n${(lines.at(-1) as string).slice(9)}\n{"seq":9`;
    at.write(log, good + spoilt);
    const { doc } = await at.json(["audit", "accept", "--yes"]);
    expect(at.read(doc.kept[0])).toBe(spoilt);
    expect(at.audit().at(-1)?.payload).toMatchObject({
      problem: expect.stringMatching(
        /^the last 4 lines are no entries; before that, it ends at entry 2, and entry 3/,
      ),
      recorded: { seq: 3 },
    });
    expect((await at.seqctl(["step", "add", "late"])).exit).toBe(0);
    proveAudit(at.lines(log));
    expect((await at.json(["audit", "verify"])).doc).toMatchObject({ ok: true, earlier_log: { entries: 3 } });
  });

  test("is one also where it only looks like an entry: nothing can be chained to what has no hash", async () => {
    const at = await lived();
    fs.appendFileSync(at.path(log), `${JSON.stringify({ seq: 4, actor: "user", action: "step.add" })}\n`);
    expect((await at.json(["step", "add", "late"])).exit).toBe(6);
    expect((await at.json(["audit", "accept", "--yes"])).doc.accepted).toBe(true);
    expect((await at.json(["audit", "verify"])).exit).toBe(0);
  });

  test("is one also where it is blank: an editor may have put it there", async () => {
    const at = await lived();
    fs.appendFileSync(at.path(log), "\n");
    for (const words of [
      ["step", "add", "late"],
      ["audit", "verify"],
    ]) {
      const refused = await at.json(words);
      expect(refused).toMatchObject({ exit: 6, doc: { error: { code: "audit.corrupt", line: 4 } } });
      expect(refused.doc.error.hint).toContain("seqctl audit accept");
    }
    expect((await at.json(["audit", "accept", "--yes"])).doc.accepted).toBe(true);
    expect((await at.seqctl(["step", "add", "late"])).exit).toBe(0);
    expect((await at.json(["audit", "verify"])).exit).toBe(0);
  });

  test("and which holds nothing else at all is begun anew by the entry that says so", async () => {
    const at = await lived();
    at.write(log, "rubbish\n");
    expect((await at.json(["audit", "accept", "--yes"])).doc).toEqual({
      accepted: true,
      seq: 1,
      kept: [`${log}.spoilt-0`],
    });
    expect((await at.json(["audit", "verify"])).doc).toMatchObject({ ok: true, entries: 1 });
  });

  test("through parts that were closed, all are kept, and the chain goes on in the last that has an entry", async () => {
    const at = await lived();
    const good = at.read(log);
    fs.renameSync(at.path(log), at.path(".threados/audit-1.log"));
    fs.appendFileSync(at.path(".threados/audit-1.log"), "one\n");
    at.write(".threados/audit-2.log", "two\n");
    at.write(log, "three\n");
    const { doc } = await at.json(["audit", "accept", "--yes"]);
    expect(doc.kept.map((file: string) => at.read(file))).toEqual(["one\n", "two\n", "three\n"]);
    expect((await at.seqctl(["step", "add", "late"])).exit).toBe(0);
    expect(at.read(".threados/audit-1.log").startsWith(good)).toBe(true);
    expect((await at.json(["audit", "verify"])).doc).toMatchObject({ ok: true, entries: 5 });
  });

  test("and between two crashes, is never written over what was kept before", async () => {
    const at = await lived();
    const store = auditFile(at.path(".threados"));
    const line = at.lines(log).length + 1;
    const good = at.read(log);
    fs.appendFileSync(at.path(log), "one\n");
    const first = store.keepFrom({ file: store.path, line });
    expect(store.keepFrom({ file: store.path, line })).toEqual(first);
    at.write(log, `${good}two\n`);
    const [second] = store.keepFrom({ file: store.path, line });
    expect([at.read(first[0]?.kept ?? ""), at.read(second?.kept ?? "")]).toEqual(["one\n", "two\n"]);
  });

  const person: Caller = { actor: "user", surface: "cli" };
  test.each(["before", "after"] as const)(
    "and a process that dies %s any change of the disk: accepted and recorded, or as it was",
    async (when) => {
      let outcomes = "";
      for (let change = 1; ; change++) {
        const at = await Workspace.make({ steps: [{ id: "a" }] });
        const { ports } = await opened(at);
        expect(await dispatch(ports, { action: "step.add", input: { id: "b" } }, person)).toMatchObject({
          ok: true,
        });
        fs.appendFileSync(at.path(log), "rubbish\n");
        const died = await acceptLog(crashingPorts(ports, change, when), logStanding(ports)).then(
          () => undefined,
          (error) => error as Error,
        );
        if (died !== undefined) expect(died).toBeInstanceOf(Crash);
        const isRecorded = at.lines(log).some((line) => line.includes('"audit.accept"'));
        expect(logStanding(ports) === undefined).toBe(isRecorded);
        outcomes += isRecorded ? "1" : "0";
        if (!isRecorded) expect(await acceptLog(ports, logStanding(ports))).toMatchObject({ ok: true });
        expect(keptOf(at).map((name) => at.read(name))).toEqual(["rubbish\n"]);
        proveAudit(at.lines(log));
        expect(await verifyAudit(ports)).toMatchObject({
          ok: true,
          value: { accepted: [{ kept: keptOf(at) }] },
        });
        if (died === undefined) break;
      }
      expect(outcomes).toMatch(when === "before" ? /^0+1+$/ : /^0*1+$/);
    },
  );

  test("finishes what a crash interrupted before: the entry ahead of it is what counts", async () => {
    const at = await Workspace.make({ steps: [{ id: "a" }] });
    const old = at.definition;
    const { doc } = await at.json(["step", "add", "late"]);
    const text = at.definition;
    at.write(".threados/sequence.yaml", old);
    at.write(`.threados/.sequence.yaml.${doc.after}.tmp`, text);
    fs.appendFileSync(at.path(log), "rubbish\n");
    expect((await at.json(["audit", "accept", "--yes"])).exit).toBe(0);
    expect(at.definition).toBe(text);
  });
});
