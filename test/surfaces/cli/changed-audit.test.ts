import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import type { Caller } from "../../../lib/core/actor";
import { type AuditFacts, chainEntry, genesis } from "../../../lib/core/audit/entry";
import { sha256 } from "../../../lib/io/files/digest";
import { acceptLog, logStanding } from "../../../lib/runtime/accept-log";
import { dispatch } from "../../../lib/runtime/dispatch";
import { query } from "../../../lib/runtime/query";
import { verifyAudit } from "../../../lib/runtime/verify";
import { Crash, crashingPorts } from "../../rig/crashing";
import { opened } from "../../rig/fake-shell";
import { cleanUp, type Doc, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const log = ".threados/audit.log";
const person: Caller = { actor: "user", surface: "cli" };
const verify = (at: Workspace) => at.json(["audit", "verify"]);
const accept = (at: Workspace) => at.json(["audit", "accept", "--yes"]);

/** A log of five entries. */
async function lived(): Promise<Workspace> {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
  for (const id of ["b", "c", "d", "e"]) expect((await at.seqctl(["step", "add", id])).exit).toBe(0);
  return at;
}

function change(at: Workspace, edit: (lines: string[]) => string[]): void {
  at.write(
    log,
    edit(at.lines(log))
      .map((line) => `${line}\n`)
      .join(""),
  );
}

const forge = (line: number) => (lines: string[]) =>
  lines.with(line - 1, (lines[line - 1] as string).replace('"step.add"', '"step.rob"'));

const forgeAny = (line: number) => (lines: string[]) =>
  lines.with(line - 1, (lines[line - 1] as string).replace('"result":"success"', '"result":"succeeds"'));

function stateFile(at: Workspace, name: string): string {
  const folder = join(at.home, ".local/state/threados");
  return join(folder, fs.readdirSync(folder)[0] as string, name);
}

describe("a log with a fault amid its entries", () => {
  const faults: [string, (lines: string[]) => string[], line: number][] = [
    ["an entry was changed", forge(3), 3],
    ["its last entry was changed", forge(5), 5],
    ["an entry was taken out", (lines) => lines.toSpliced(1, 1), 2],
    ["something was put in between", (lines) => lines.toSpliced(2, 0, "{}"), 3],
  ];
  test.each(faults)("since %s is not written on, and every answer says so", async (_, edit, line) => {
    const at = await lived();
    change(at, edit);
    const left = at.read(log);
    for (const words of [
      ["step", "edit", "a", "--name", "x"],
      ["run", "--yes"],
      ["undo"],
      ["step", "add", "a"],
    ]) {
      const { exit, doc } = await at.json(words);
      expect({ exit, code: doc.code, line: doc.error.line }).toEqual({
        exit: 6,
        code: "audit.corrupt",
        line,
      });
      expect(doc.error.hint).toContain("seqctl audit accept");
    }
    expect(at.read(log)).toBe(left);
    expect(at.runs()).toEqual([]);
    expect((await at.json(["status"])).doc.audit.problem).toContain(`line ${line} of audit.log`);
    expect((await at.seqctl(["status"])).out).toContain("seqctl audit verify");
    expect((await verify(at)).exit).toBe(6);
  });

  test.each(faults)(
    "since %s goes on once a person has accepted it, with what was found",
    async (...fault) => {
      const [, edit, line] = fault;
      const at = await lived();
      const good = at.read(log);
      change(at, edit);
      const found = at.read(log);
      const last = at.audit().at(-1)?.seq as number;
      const asked = await at.json(["audit", "accept"]);
      expect(asked).toMatchObject({ exit: 3, doc: { code: "confirm.required" } });
      expect(JSON.stringify(asked.doc)).toContain(`audit.log, line ${line}: `);
      const env = { THREADOS_ATTEMPT: "some-run/a/1" };
      expect((await at.json(["audit", "accept", "--yes"], { env })).doc.code).toBe("agent.forbidden");
      expect(at.read(log)).toBe(found);

      const { exit, doc } = await accept(at);
      expect({ exit, ...doc }).toMatchObject({ exit: 0, accepted: true, seq: last + 1 });
      expect(at.read(log).startsWith(found)).toBe(true);
      expect(found.endsWith(at.read(doc.kept[0]))).toBe(true);
      expect(at.audit().at(-1)).toMatchObject({
        action: "audit.accept",
        payload: {
          problem: expect.stringContaining(`${log}, line ${line}: `),
          amid: { file: log, line, lines: found.split("\n").length - line, up_to: last },
        },
      });
      expect((await at.json(["status"])).doc.audit.problem).toBeUndefined();
      expect((await at.seqctl(["step", "add", "late"])).exit).toBe(0);
      const after = await verify(at);
      expect(after).toMatchObject({
        exit: 0,
        doc: { ok: true, entries: last + 2, earlier_log: null, accepted: [{ seq: last + 1, up_to: last }] },
      });
      const said = (await at.seqctl(["audit", "verify"])).out;
      expect(said).toContain("unbroken but for what a person accepted");
      expect(said).toContain(
        `a person accepted the entries up to ${last} as they stood though ${log}, line ${line}: `,
      );
      expect((await accept(at)).doc).toEqual({ accepted: false });
      expect(found).not.toBe(good);
    },
  );

  // Without the entry of the acceptance nobody has accepted anything.
  test.each([
    [2, 2],
    [3, 3],
    [4, 4],
    [6, 3],
    [7, 7],
  ])(
    "that was accepted and is changed again, in line %d, is found again, at line %d",
    async (line, found) => {
      const at = await lived();
      change(at, forge(3));
      expect((await accept(at)).exit).toBe(0);
      expect((await at.seqctl(["step", "add", "late"])).exit).toBe(0);
      change(at, (lines) => lines.with(line - 1, (lines[line - 1] as string).replace('"user"', '"usdr"')));
      expect((await verify(at)).doc.error).toMatchObject({ code: "audit.corrupt", line: found });
      expect((await at.json(["step", "add", "later"])).doc.error).toMatchObject({ code: "audit.corrupt" });
      expect((await accept(at)).doc.accepted).toBe(true);
      expect((await verify(at)).exit).toBe(0);
    },
  );

  // Without checkpoints too: what stands before an accepted line is told by the entry of the acceptance alone.
  test.each([
    ["one entry", 1, true],
    ["every entry", 3, true],
    ["one entry", 1, false],
    ["every entry", 3, false],
  ])(
    "that was accepted does not go on once %s right before it was removed (%d, checkpoints: %p)",
    async (_, removed, isKept) => {
      const at = await lived();
      change(at, forge(4));
      expect((await accept(at)).exit).toBe(0);
      expect((await verify(at)).exit).toBe(0);
      if (!isKept) fs.rmSync(stateFile(at, "audit-head.jsonl"));
      change(at, (lines) => lines.toSpliced(3 - removed, removed));
      const error = { code: "audit.corrupt", line: 4 - removed };
      const problem = expect.stringContaining("right before it were removed");
      expect((await verify(at)).doc.error).toMatchObject(error);
      expect((await at.json(["status"])).doc.audit).toMatchObject({ problem });
      expect((await at.json(["step", "add", "late"])).doc.error).toMatchObject(error);
      expect((await accept(at)).doc.accepted).toBe(true);
      expect((await verify(at)).exit).toBe(0);
    },
  );

  test("is accepted as it was shown, or not at all", async () => {
    const at = await lived();
    const { ports } = await opened(at);
    change(at, forge(3));
    const shown = logStanding(ports);
    expect(shown?.reach).toContain("all 3 lines from there up to entry 5");
    expect(shown?.reach).toContain("1 of 3 are not what was recorded");
    change(at, forgeAny(5));
    const found = at.read(log);
    expect(await acceptLog(ports, shown)).toMatchObject({ ok: false, failure: { code: "confirm.stale" } });
    expect(at.read(log)).toBe(found);
    const again = logStanding(ports);
    expect(again?.problem).toBe(shown?.problem as string);
    expect(again?.reach).toContain("2 of 3 are not what was recorded");
    expect(JSON.stringify((await at.json(["audit", "accept"])).doc)).toContain("2 of 3 are not");
    expect(await acceptLog(ports, again)).toMatchObject({ ok: true });
  });

  test("and whose acceptance can't be vouched for is said to be found again, with the place", async () => {
    const at = await lived();
    change(at, forge(3));
    const heads = stateFile(at, "audit-head.jsonl");
    // Kept before, and no more: a link is not written to.
    fs.renameSync(heads, `${heads}.real`);
    fs.symlinkSync(`${heads}.real`, heads);
    const said = await at.seqctl(["audit", "accept", "--yes"]);
    expect(said.err).toContain(heads);
    expect(said.out).not.toContain("✓");
    fs.renameSync(`${heads}.real`, heads);
    expect((await verify(at)).doc.error).toMatchObject({ line: 3 });
    expect((await accept(at)).doc).not.toHaveProperty("vouched");
    expect((await verify(at)).exit).toBe(0);
  });

  test("is not accepted by an entry that nobody vouches for", async () => {
    const at = await lived();
    const before = fs.readFileSync(stateFile(at, "audit-head.jsonl"), "utf8");
    change(at, forge(3));
    expect((await accept(at)).exit).toBe(0);
    // As if somebody else had written it, or a crash had come before its checkpoint.
    fs.writeFileSync(stateFile(at, "audit-head.jsonl"), before);
    expect((await verify(at)).doc.error).toMatchObject({ code: "audit.corrupt", line: 3 });
    expect((await accept(at)).doc.accepted).toBe(true);
    expect((await verify(at)).exit).toBe(0);
  });

  test("and lines at its end that are no entries, is accepted at once", async () => {
    const at = await lived();
    change(at, (lines) => [...forge(2)(lines), "rubbish"]);
    fs.appendFileSync(at.path(log), '{"seq":');
    const found = at.read(log);
    const { doc } = await accept(at);
    expect(doc).toMatchObject({ accepted: true, seq: 6 });
    expect(found.endsWith(at.read(doc.kept[0]))).toBe(true);
    expect((await at.seqctl(["step", "add", "late"])).exit).toBe(0);
    expect((await verify(at)).exit).toBe(0);
  });

  test("goes on without further ado once it was put back as it was", async () => {
    const at = await lived();
    const good = at.read(log);
    change(at, forge(3));
    expect((await at.json(["step", "add", "late"])).exit).toBe(6);
    at.write(log, good);
    expect((await at.json(["status"])).doc.audit.problem).toBeUndefined();
    expect((await at.seqctl(["step", "add", "late"])).exit).toBe(0);
    expect((await verify(at)).exit).toBe(0);
  });

  test.each(["before", "after"] as const)(
    "and a process that dies %s any change of the disk: accepted and recorded, or as it was",
    async (when) => {
      for (let nth = 1; ; nth++) {
        const at = await Workspace.make({ steps: [{ id: "a" }] });
        const { ports } = await opened(at);
        for (const id of ["b", "c"])
          expect(await dispatch(ports, { action: "step.add", input: { id } }, person)).toMatchObject({
            ok: true,
          });
        change(at, forge(2));
        fs.appendFileSync(at.path(log), "torn");
        const died = await acceptLog(crashingPorts(ports, nth, when), logStanding(ports)).then(
          () => undefined,
          (error) => error as Error,
        );
        if (died !== undefined) expect(died).toBeInstanceOf(Crash);
        const isRecorded = at.lines(log).some((line) => line.includes('"audit.accept"'));
        expect(logStanding(ports) === undefined).toBe(isRecorded);
        if (!isRecorded) expect(await acceptLog(ports, logStanding(ports))).toMatchObject({ ok: true });
        expect(await verifyAudit(ports)).toMatchObject({ ok: true, value: { accepted: [{ up_to: 3 }] } });
        if (died === undefined) break;
      }
    },
  );
});

describe("whether the log holds", () => {
  test("is looked for once in a copy of the folder, and then known by how its files look", async () => {
    const at = await lived();
    const copy = Workspace.empty();
    fs.cpSync(at.path(".threados"), copy.path(".threados"), { recursive: true, preserveTimestamps: true });
    expect((await copy.json(["status"])).doc.audit).toEqual({ seq: 5, hash: at.audit().at(-1)?.hash });
    const seen = JSON.parse(fs.readFileSync(stateFile(copy, "audit-seen.json"), "utf8"));
    expect(seen).toEqual({ stat: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(fs.statSync(stateFile(copy, "audit-seen.json")).mode & 0o777).toBe(0o600);
    expect((await copy.seqctl(["step", "add", "late"])).exit).toBe(0);
  });

  test("is not asked of the log where nobody but ThreadOS has touched it", async () => {
    const at = await lived();
    const { ports } = await opened(at);
    // The first one finds no checkpoints: those of the commands stand in a home of their own.
    await dispatch(ports, { action: "step.add", input: { id: "w" } }, person);
    let reads = 0;
    const counting = {
      ...ports,
      audit: {
        ...ports.audit,
        raw: () => {
          reads += 1;
          return ports.audit.raw();
        },
      },
    };
    for (const id of ["x", "y"]) await dispatch(counting, { action: "step.add", input: { id } }, person);
    await query(counting, "status", {});
    expect(reads).toBe(0);
    change(at, (lines) => lines);
    await dispatch(counting, { action: "step.add", input: { id: "z" } }, person);
    await dispatch(counting, { action: "step.add", input: { id: "zz" } }, person);
    await query(counting, "status", {});
    expect(reads).toBe(1);
  });

  test("is not asked of the log while another process adds an entry; but once none has come to an end with it", async () => {
    const at = await lived();
    const { ports } = await opened(at);
    await dispatch(ports, { action: "step.add", input: { id: "w" } }, person);
    let reads = 0;
    const raw = () => {
      reads += 1;
      return ports.audit.raw();
    };
    const counting = { ...ports, audit: { ...ports.audit, raw } };
    const added = () => {
      const { hash, seq, prev: _, ts, ...facts } = at.audit().at(-1) as Doc;
      return chainEntry(facts as AuditFacts, { seq: seq + 1, ts, prev: hash }, sha256);
    };
    // As far as another process has come between an entry and its checkpoint.
    const first = added();
    fs.appendFileSync(at.path(log), `${first.line}\n`);
    const audit = { seq: 7, hash: first.hash };
    expect(await query(counting, "status", {})).toMatchObject({ ok: true, value: { audit } });
    const second = added();
    fs.appendFileSync(at.path(log), `${second.line}\n`);
    const doc = await query(counting, "status", {});
    expect(doc.ok && (doc.value as Doc).audit).toEqual({ seq: 8, hash: second.hash });
    expect(reads).toBe(0);
    change(at, forge(3));
    await query(counting, "status", {});
    expect(reads).toBe(0);
    const problem = expect.stringContaining("line 3 of audit.log");
    expect(await query(counting, "status", {})).toMatchObject({ value: { audit: { problem } } });
    expect(reads).toBeGreaterThan(0);
  });

  test("of a long log is for a verification to find out: `status` says that there was none since", async () => {
    const at = await lived();
    const { hash: _, prev: __, seq: ___, ts, ...facts } = at.audit()[0] as Doc;
    let prev = genesis;
    const lines = Array.from({ length: 4_000 }, (_, index) => {
      const { line, hash } = chainEntry(facts as AuditFacts, { seq: index + 1, ts, prev }, sha256);
      prev = hash;
      return line;
    });
    const copy = Workspace.empty();
    fs.cpSync(at.path(".threados"), copy.path(".threados"), { recursive: true });
    change(copy, () => lines);
    const { doc } = await copy.json(["status"]);
    expect(doc.audit).toEqual({
      seq: 4_000,
      hash: prev,
      unverified: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect((await verify(copy)).exit).toBe(0);
    expect((await copy.json(["status"])).doc.audit).toEqual({ seq: 4_000, hash: prev });
    change(copy, forgeAny(5));
    const again = (await copy.json(["status"])).doc.audit.unverified;
    expect(again).not.toBe(doc.audit.unverified);
    expect((await verify(copy)).exit).toBe(6);
    expect((await copy.json(["status"])).doc.audit.problem).toContain("line 5 of audit.log");
  });

  test("is known where nothing can be kept, too", async () => {
    const at = await lived();
    at.write("file", "");
    const env = { XDG_STATE_HOME: at.path("file") };
    expect((await at.seqctl(["step", "add", "late"], { env })).exit).toBe(0);
    change(at, forge(3));
    expect((await at.json(["step", "add", "later"], { env })).doc.error).toMatchObject({ line: 3 });
    expect((await at.json(["status"], { env })).doc.audit.problem).toContain("line 3");
  });
});
