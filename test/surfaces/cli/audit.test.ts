import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import { proveAudit } from "../../rig/audit-proof";
import { seqctlArgv } from "../../rig/seqctl";
import { cleanUp, type Doc, onlyDocument, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const log = ".threados/audit.log";

/** Runs a command where a folder is on a disk with room for nothing, then lists that folder. */
const onSmallDisk = [
  ...["unshare", "-Urm", "sh", "-c"],
  'mount -t tmpfs -o size=4k,nr_inodes=3 none "$1" && at=$1 && echo . > "$at/y" && shift && "$@"; rm -f "$at/y"; ls "$at"',
  "sh",
];
const canFill =
  Bun.which("unshare") !== null &&
  Bun.spawnSync(["unshare", "-Urm", "mount", "-t", "tmpfs", "none", "/mnt"]).exitCode === 0;

/** A workspace with a log of some entries, and a run that was sealed. */
async function lived(): Promise<Workspace> {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
  for (const id of ["b", "c"]) await at.seqctl(["step", "add", id, "--command", '["true"]']);
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
  expect((await at.json(["audit", "verify"])).exit).toBe(0);
  return at;
}

const verify = (at: Workspace) => at.json(["audit", "verify"]);

/** Where the processes of a workspace keep what vouches for its log. */
function headFile(at: Workspace): string {
  const folder = join(at.home, ".local/state/threados");
  return join(folder, fs.readdirSync(folder)[0] as string, "audit-head.jsonl");
}

/** A log with the same entries whose chain is sound from the changed one on. */
function rewriteFrom(lines: string[], at: number, change: (entry: Doc) => void): string[] {
  const out = lines.slice(0, at);
  let prev = at === 0 ? "0".repeat(64) : JSON.parse(lines[at - 1] as string).hash;
  for (const line of lines.slice(at)) {
    const { hash: _, prev: __, ...entry } = JSON.parse(line);
    if (out.length === at) change(entry);
    const open = JSON.stringify({ ...entry, prev }).slice(0, -1);
    prev = createHash("sha256").update(open).digest("hex");
    out.push(`${open},"hash":"${prev}"}`);
  }
  return out;
}

describe("audit verify names the first bad entry, exit 6, after somebody", () => {
  const tampering: [string, (lines: string[]) => string[], line: number][] = [
    ["flipped a bit", (l) => l.with(2, (l[2] as string).replace('"user"', '"usdr"')), 3],
    ["took an entry out", (l) => l.toSpliced(1, 1), 2],
    ["swapped two entries", (l) => l.with(1, l[2] as string).with(2, l[1] as string), 2],
    ["wrote an entry twice", (l) => l.toSpliced(2, 0, l[1] as string), 3],
    ["put something else in between", (l) => l.toSpliced(2, 0, "{}"), 3],
    ["cut the end off", (l) => l.slice(0, 3), 3],
    ["emptied it", () => [], 0],
    [
      "rewrote it as a whole",
      (l) => rewriteFrom(l, 1, (entry) => Object.assign(entry, { actor: "agent:x" })),
      2,
    ],
    [
      "rewrote its newest entry",
      (l) => rewriteFrom(l, l.length - 1, (e) => Object.assign(e, { target: "z" })),
      5,
    ],
  ];
  test.each(tampering)("%s", async (_, tamper, line) => {
    const at = await lived();
    const lines = at.lines(log);
    expect(lines.length).toBe(5);
    at.write(
      log,
      tamper(lines)
        .map((each) => `${each}\n`)
        .join(""),
    );
    const { exit, doc } = await verify(at);
    expect({ exit, code: doc.code, line: doc.error.line }).toEqual({ exit: 6, code: "audit.corrupt", line });
    expect((await at.seqctl(["audit", "verify"])).exit).toBe(6);
  });

  test("changed bytes in a way that reads the same", async () => {
    const at = await Workspace.make();
    expect((await at.seqctl(["step", "add", "a", "--name", "one \uFFFD two"])).exit).toBe(0);
    const bytes = fs.readFileSync(at.path(log));
    const place = bytes.lastIndexOf(Buffer.from("\uFFFD"));
    at.write(log, Buffer.concat([bytes.subarray(0, place), Buffer.from([0xff]), bytes.subarray(place + 3)]));
    expect((await verify(at)).doc.error).toMatchObject({ code: "audit.corrupt", line: 2 });
  });

  test("cut the log, and an older ThreadOS wrote on", async () => {
    const at = await lived();
    at.write(
      log,
      at
        .lines(log)
        .slice(0, 3)
        .map((each) => `${each}\n`)
        .join(""),
    );
    const head = fs.readFileSync(headFile(at), "utf8");
    fs.rmSync(headFile(at));
    expect((await at.seqctl(["step", "add", "late"])).exit).toBe(0);
    proveAudit(at.lines(log));
    fs.writeFileSync(headFile(at), head + fs.readFileSync(headFile(at), "utf8"));
    expect((await verify(at)).doc.error).toMatchObject({ code: "audit.corrupt", line: 4, isLost: true });
  });
});

describe("a log that is not the one that was written", () => {
  const lost: [string, (at: Workspace) => void, number][] = [
    ["deleted", (at) => fs.rmSync(at.path(log)), 0],
    ["cut", (at) => at.write(log, at.read(log).split("\n").slice(0, 3).join("\n").concat("\n")), 3],
    [
      "rewritten",
      (at) =>
        at.write(
          log,
          `${rewriteFrom(at.lines(log), 4, (e) => Object.assign(e, { actor: "x" })).join("\n")}\n`,
        ),
      5,
    ],
  ];
  test.each(lost)("since it was %s is not written on, and every answer says so", async (_, lose, line) => {
    const at = await lived();
    lose(at);
    const left = fs.existsSync(at.path(log)) ? at.read(log) : "";
    for (const words of [
      ["step", "add", "late"],
      ["run", "--new", "--yes"],
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
    expect(fs.existsSync(at.path(log)) ? at.read(log) : "").toBe(left);
    const status = await at.json(["status"]);
    expect(status.doc.audit).toMatchObject({ seq: line, problem: expect.stringContaining("entry 5") });
    expect((await at.seqctl(["status"])).out).toContain("seqctl audit verify");
    expect((await verify(at)).exit).toBe(6);
  });

  test.each(lost)(
    "since it was %s goes on once a person has accepted it, and records that",
    async (_, lose, line) => {
      const at = await lived();
      lose(at);
      expect(await at.json(["audit", "accept"])).toMatchObject({
        exit: 3,
        doc: { code: "confirm.required" },
      });
      const env = { THREADOS_ATTEMPT: "some-run/a/1" };
      expect(await at.json(["audit", "accept", "--yes"], { env })).toMatchObject({
        exit: 4,
        doc: { code: "agent.forbidden" },
      });
      expect((await at.json(["audit", "accept", "--yes"])).doc).toEqual({ accepted: true, seq: line + 1 });
      expect(at.audit().at(-1)).toMatchObject({ action: "audit.accept", payload: { recorded: { seq: 5 } } });
      expect((await at.json(["status"])).doc.audit.problem).toBeUndefined();
      expect((await at.seqctl(["step", "add", "late"])).exit).toBe(0);
      expect((await verify(at)).doc).toMatchObject({ ok: true, earlier_log: { entries: 5 } });
      expect((await at.json(["audit", "accept", "--yes"])).doc).toEqual({ accepted: false });
    },
  );

  test("is told from a folder of which nothing is left: there a new one is begun, which says so", async () => {
    const at = await lived();
    for (const name of [log, ".threados/runs", ".threados/revisions", ".threados/state"])
      fs.rmSync(at.path(name), { recursive: true });
    expect((await at.json(["status"])).doc.audit).toBeUndefined();
    const before = await verify(at);
    expect(before).toMatchObject({ exit: 0, doc: { entries: 0, earlier_log: { entries: 5 } } });
    expect((await at.seqctl(["step", "add", "late"])).exit).toBe(0);
    proveAudit(at.lines(log));
    expect(at.audit()[0]).toMatchObject({
      actor: "system",
      action: "audit.begun_anew",
      payload: { recorded: { seq: 5 } },
    });
    expect(await verify(at)).toMatchObject({ exit: 0, doc: { earlier_log: { entries: 5 } } });
  });

  test("is told from one that a crash left without its checkpoint", async () => {
    const at = await lived();
    const lines = fs.readFileSync(headFile(at), "utf8").trimEnd().split("\n");
    fs.writeFileSync(headFile(at), `${lines.slice(0, -1).join("\n")}\n`);
    expect((await at.json(["status"])).doc.audit).toEqual({ seq: 5, hash: at.audit().at(-1)?.hash });
    expect((await at.seqctl(["step", "add", "late"])).exit).toBe(0);
    expect((await verify(at)).exit).toBe(0);
  });

  test("is named by the last line that it has", async () => {
    const at = await lived();
    at.write(log, `${at.lines(log).slice(0, 3).join("\n")}\n`);
    const said = await at.seqctl(["audit", "verify"]);
    expect(said.err).toContain(
      "audit.log, behind its last line (3): it ends at entry 3, and entry 5 was recorded",
    );
    fs.rmSync(at.path(log));
    expect((await at.seqctl(["audit", "verify"])).err).toContain(
      "audit.log, which is empty: it ends at entry 0",
    );
  });
});

describe("without what is kept outside the repository", () => {
  test("a log that was rewritten as a whole verifies, and that nothing vouches for it is said", async () => {
    const at = await lived();
    fs.rmSync(headFile(at));
    at.write(
      log,
      rewriteFrom(at.lines(log), 1, (entry) => Object.assign(entry, { actor: "x" }))
        .map((l) => `${l}\n`)
        .join(""),
    );
    const { exit, doc } = await verify(at);
    expect({ exit, checkpoint: doc.checkpoint }).toEqual({ exit: 0, checkpoint: null });
    expect((await at.seqctl(["audit", "verify"])).out).toContain(
      "there is no checkpoint outside the repository",
    );
  });

  test("the log goes on where no checkpoint can be kept", async () => {
    const at = await Workspace.make();
    at.write("file", "");
    const env = { XDG_STATE_HOME: at.path("file") };
    expect((await at.seqctl(["step", "add", "a"], { env })).exit).toBe(0);
    expect((await at.json(["audit", "verify"], { env })).doc).toMatchObject({ entries: 2, checkpoint: null });
  });
});

test("checkpoints are private, stand outside the workspace and follow every entry", async () => {
  const at = await lived();
  const path = headFile(at);
  expect(fs.statSync(path).mode & 0o777).toBe(0o600);
  expect(fs.statSync(join(path, "..")).mode & 0o777).toBe(0o700);
  const kept = fs
    .readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(kept.map(({ seq, hash }) => [seq, hash])).toEqual(
    at
      .audit()
      .slice(1)
      .map(({ seq, hash }) => [seq, hash]),
  );
});

test("a workspace made anew where another one stood begins a new log, and the old one is spoken of", async () => {
  const at = Workspace.empty();
  expect((await at.seqctl(["init"])).exit).toBe(0);
  expect((await at.seqctl(["step", "add", "a"])).exit).toBe(0);
  fs.rmSync(at.path(".threados"), { recursive: true });
  expect((await at.seqctl(["init"])).exit).toBe(0);
  expect((await verify(at)).doc).toMatchObject({
    entries: 1,
    checkpoint: { seq: 1 },
    earlier_log: { entries: 2 },
  });
});

describe("a run's journal that was sealed", () => {
  const journal = (at: Workspace) => `.threados/runs/${at.runs()[0]}/events.jsonl`;

  test("and changed is named, exit 6", async () => {
    const at = await lived();
    at.write(journal(at), at.read(journal(at)).replace('"code":0', '"code":7'));
    const { exit, doc } = await verify(at);
    expect({ exit, code: doc.code, run: doc.error.run }).toEqual({
      exit: 6,
      code: "journal.changed",
      run: at.runs()[0] as string,
    });
    at.write(
      journal(at),
      at
        .lines(journal(at))
        .slice(0, 3)
        .map((line) => `${line}\n`)
        .join(""),
    );
    expect((await verify(at)).exit).toBe(6);
  });

  test("may go on in the same run, and may be gone", async () => {
    const at = await lived();
    expect((await at.seqctl(["rerun", "a", "--yes"])).exit).toBe(0);
    expect((await verify(at)).doc.journals).toEqual({ sealed: 1, missing: [] });
    const [run] = at.runs();
    fs.rmSync(at.path(`.threados/runs/${run}`), { recursive: true });
    expect((await verify(at)).doc).toMatchObject({ ok: true, journals: { sealed: 1, missing: [run] } });
  });
});

describe("audit export", () => {
  test("writes the lines as they stand, to standard output or to a new file of one's own", async () => {
    const at = await lived();
    expect((await at.seqctl(["audit", "export"])).out).toBe(at.read(log));
    const one = await at.json(["audit", "export"]);
    expect(one.doc).toMatchObject({ threados_audit: 1, lines: at.read(log).trimEnd().split("\n") });
    const { doc } = await at.json(["audit", "export", "--out", "out.jsonl"]);
    expect(doc).toMatchObject({ entries: 5, verified: true });
    expect(at.read("out.jsonl")).toBe(at.read(log));
    expect(fs.statSync(at.path("out.jsonl")).mode & 0o777).toBe(0o600);
    expect((await at.json(["audit", "export", "--out", "out.jsonl"])).doc.code).toBe("io.failed");
  });

  test.skipIf(!canFill)(
    "onto a disk that gets full leaves nothing behind that could be taken for all of it",
    async () => {
      const at = await lived();
      fs.mkdirSync(at.path("small"));
      const words = [...(await seqctlArgv()), "audit", "export", "--out", "small/x.jsonl", "--json"];
      const child = Bun.spawn([...onSmallDisk, at.path("small"), ...words], { cwd: at.root, env: at.env });
      const [doc, listed] = (await new Response(child.stdout).text()).split("\n");
      expect(onlyDocument(`${doc}\n`)).toMatchObject({
        code: "io.failed",
        error: { problem: "can't be written (ENOSPC)" },
      });
      expect(listed).toBe("");
    },
  );

  test("bundles them with the head and what verifying says, sound or not", async () => {
    const at = await lived();
    const bundle = async () =>
      JSON.parse((await at.seqctl(["audit", "export", "--format", "bundle"])).out) as Doc;
    const sound = await bundle();
    expect(proveAudit(sound.lines)).toBe(5);
    expect(sound.verified).toMatchObject({ ok: true, entries: 5, head: at.audit().at(-1)?.hash });
    at.write(log, at.read(log).replace('"user"', '"usdr"'));
    expect((await at.seqctl(["audit", "export", "--format", "bundle"])).exit).toBe(6);
    expect((await bundle()).verified).toMatchObject({ code: "audit.corrupt" });
  });
});
