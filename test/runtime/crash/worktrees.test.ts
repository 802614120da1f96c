import { afterEach, describe, expect, setDefaultTimeout, spyOn, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import type { Caller } from "../../../lib/core/actor";
import { dispatch } from "../../../lib/runtime/dispatch";
import { Crash, crashingPorts } from "../../rig/crashing";
import { until } from "../../rig/deadline";
import { opened } from "../../rig/fake-shell";
import { Held } from "../../rig/held";
import { kill, processesWith } from "../../rig/processes";
import { changes, gitIn, makeRepository } from "../../rig/repository";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

/** An isolated step that is held in its setup. */
async function heldInSetup() {
  const at = await Workspace.make();
  const held = new Held(at);
  const [program = "", name = ""] = held.command("setup");
  const setup = [at.path(program), name];
  const step = {
    id: "a",
    isolation: "worktree",
    command: ["sh", "-c", "echo more >> f"],
    worktree: { setup },
  };
  at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "s", steps: [step] }));
  at.write(".gitignore", "held/\n");
  makeRepository(at, { f: "text\n" });
  return { at, held };
}

const record = (at: Workspace, attempt = 1) =>
  JSON.parse(at.read(`${at.attempt("a", attempt)}/worktree.json`));

describe("kill -9 while a worktree is made ready", () => {
  test("of the engine: the attempt goes on, is adopted and keeps its worktree", async () => {
    const { at, held } = await heldInSetup();
    await at.seqctl(["run", "--yes", "--detach"]);
    await held.hasBegun("setup");
    await at.killEngine();
    const again = at.seqctl(["run", "--yes"]);
    await until("the adoption", () => at.facts().some((fact) => fact.type === "attempt.adopted"));
    await held.release("setup");
    expect((await again).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "DONE 1" });
    expect(held.began()).toEqual(["setup"]);
    expect(record(at)).toMatchObject({ problem: null, diff: { insertions: 1 } });
  });

  test("of everything: its fate is unknown, and the next attempt has a worktree of its own", async () => {
    const { at, held } = await heldInSetup();
    await at.seqctl(["run", "--yes", "--detach"]);
    await held.hasBegun("setup");
    await at.killEngine();
    await until("its processes to be gone", () => {
      const left = processesWith("THREADOS_STEP_ID", "a").filter((pid) => at.processes().includes(pid));
      for (const pid of left) kill(pid);
      return left.length === 0;
    });
    expect((await at.seqctl(["engine", "run"])).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "FAILED lost 1" });
    const again = at.seqctl(["run", "--yes"]);
    await held.hasBegun("setup", 2);
    await held.release("setup");
    expect((await again).exit).toBe(0);
    expect(record(at, 2)).toMatchObject({ problem: null, diff: { insertions: 1 } });
    const { doc } = await at.json(["worktree", "gc"]);
    expect(doc.note).toBe("2 of 2 worktrees");
  });

  test("stop ends it and all it started", async () => {
    const { at, held } = await heldInSetup();
    await at.seqctl(["run", "--yes", "--detach"]);
    await held.hasBegun("setup");
    expect(await at.json(["stop", "a"])).toMatchObject({ exit: 0, doc: { outcome: "stopped" } });
    expect(await at.standing()).toEqual({ a: "FAILED stopped 1" });
    expect(processesWith("THREADOS_STEP_ID", "a").filter((pid) => at.processes().includes(pid))).toEqual([]);
  });
});

const person: Caller = { actor: "user", surface: "cli" };
const files = { f: "one\n", g: "two\n", gone: "three\n" };

/** A workspace with a candidate that changes, makes and removes files. */
async function withCandidate(): Promise<Workspace> {
  const script = "echo more >> f; echo more >> g; rm gone; mkdir d; echo new > d/n";
  const at = await Workspace.make({
    steps: [
      { id: "a", isolation: "worktree", command: ["sh", "-c", script] },
      { id: "join", command: ["true"], fusion_synth: true, fusion_candidates: ["a"] },
    ],
  });
  makeRepository(at, files);
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
  await until("the engine to leave", () => at.processes().length === 0);
  return at;
}

const all = [" D gone", " M f", " M g", "?? d/n"];
const theirs = (at: Workspace) =>
  changes(at)
    .filter((line) => !line.includes(".threados/"))
    .sort();
const stagedIn = (at: Workspace) =>
  fs.readdirSync(at.path(".threados")).filter((name) => name.startsWith("pick-"));

describe("kill -9 of `fusion pick`", () => {
  test.each(["before", "after"] as const)(
    "%s any change of the disk: recorded and all there, or neither",
    async (when) => {
      const at = await withCandidate();
      let outcomes = "";
      for (let change = 1; ; change++) {
        gitIn(at, "checkout", "-q", ...Object.keys(files));
        fs.rmSync(at.path("d"), { recursive: true, force: true });
        const before = at.audit().length;
        const ports = crashingPorts((await opened(at)).ports, change, when);
        const call = { action: "fusion.pick", input: { candidate: "a" } };
        const died = await dispatch(ports, call, person, { yes: true }).then(
          (result) => expect(result).toMatchObject({ ok: true }) as undefined,
          (error) => error as Error,
        );
        if (died !== undefined) expect(died).toBeInstanceOf(Crash);
        const next = { action: "step.add", input: { id: `s${change}` } };
        expect(await dispatch((await opened(at)).ports, next, person)).toMatchObject({ ok: true });
        const picked = at.audit().slice(before);
        const isRecorded = picked.some(
          (entry) => entry.action === "fusion.pick" && entry.result === "success",
        );
        expect([change, theirs(at)]).toEqual([change, isRecorded ? all : []]);
        expect(stagedIn(at)).toEqual([]);
        outcomes += isRecorded ? "1" : "0";
        if (died === undefined) break;
      }
      expect(outcomes).toMatch(when === "before" ? /^0+1+$/ : /^0*1+$/);
    },
  );

  test("half-way through the files: the next change moves the others, but not over what somebody wrote since", async () => {
    const at = await withCandidate();
    const { ports } = await opened(at);
    // The first change of the disk behind the record of the call is the moving of the files.
    const call = { action: "fusion.pick", input: { candidate: "a" } };
    let change = 1;
    while (stagedIn(at).length === 0 || at.audit().at(-1)?.action !== "fusion.pick") {
      const crashing = crashingPorts(ports, change++, "after");
      await dispatch(crashing, call, person, { yes: true }).catch((error) =>
        expect(error).toBeInstanceOf(Crash),
      );
    }
    const staged = join(at.path(".threados"), stagedIn(at)[0] as string, "files");
    fs.renameSync(join(staged, "f"), at.path("f"));
    at.write("g", "mine\n");
    expect((await at.seqctl(["step", "add", "next"])).exit).toBe(0);
    expect(theirs(at)).toEqual(all);
    expect([at.read("f"), at.read("g"), at.read("d/n")]).toEqual(["one\nmore\n", "mine\n", "new\n"]);
    expect(stagedIn(at)).toEqual([]);
  });
});

describe("a file of the pick that can't be put in place", () => {
  const refusing = (at: Workspace) => {
    const { renameSync } = fs;
    return spyOn(fs, "renameSync").mockImplementation((from, to) => {
      if (to === at.path("g")) throw Object.assign(new Error(), { code: "EACCES", syscall: "rename" });
      renameSync(from, to);
    });
  };
  const call = { action: "fusion.pick", input: { candidate: "a" } };
  const expectOpenDoor = async (at: Workspace) => {
    expect(theirs(at)).toEqual(all.filter((line) => line !== " M g"));
    expect(at.facts().filter((fact) => fact.type === "fusion.picked")).toHaveLength(1);
    expect((await at.seqctl(["step", "add", "next"])).exit).toBe(0);
    expect(stagedIn(at)).toEqual([]);
    expect((await at.seqctl(["audit", "verify"])).exit).toBe(0);
  };

  test("is told with the rest in place, and nothing later is held up", async () => {
    const at = await withCandidate();
    const spy = refusing(at);
    const { ports } = await opened(at);
    const done = await dispatch(ports, call, person, { yes: true }).finally(() => spy.mockRestore());
    const problem = expect.stringContaining("g (rename: EACCES)");
    expect(done).toMatchObject({ ok: false, failure: { code: "io.failed", path: "g", problem } });
    expect(at.audit().at(-1)).toMatchObject({ action: "fusion.pick", result: "error" });
    await expectOpenDoor(at);
  });

  test("after a crash is told by the next change, which is carried out", async () => {
    const at = await withCandidate();
    const { ports } = await opened(at);
    let change = 1;
    while (at.audit().at(-1)?.action !== "fusion.pick")
      await dispatch(crashingPorts(ports, change++, "after"), call, person, { yes: true }).catch((error) =>
        expect(error).toBeInstanceOf(Crash),
      );
    const spy = refusing(at);
    const next = { action: "step.add", input: { id: "s" } };
    const done = await dispatch(ports, next, person).finally(() => spy.mockRestore());
    expect(done).toMatchObject({ ok: true });
    const told = at.audit().find((entry) => entry.action === "fusion.files_left");
    expect(told).toMatchObject({ result: "error", payload: { files: [{ path: "g" }] } });
    await expectOpenDoor(at);
  });
});
