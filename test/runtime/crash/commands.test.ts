import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, watch } from "node:fs";
import { parse } from "yaml";
import { proveAudit } from "../../rig/audit-proof";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(120_000);
afterEach(cleanUp);

const stepsOf = (at: Workspace): string[] =>
  (parse(at.definition).steps ?? []).map((step: { id: string }) => step.id);

/** Runs a command that is killed upon the `change`-th change of the disk that it is seen to make, if it gets that far; its exit code. */
async function killedUpon(at: Workspace, change: number, args: string[]): Promise<number | null> {
  let seen = 0;
  let child: Awaited<ReturnType<Workspace["start"]>> | undefined;
  const noticed = () => {
    seen += 1;
    if (seen >= change) child?.kill("SIGKILL");
  };
  const watchers = [".threados", ".threados/revisions"].map((name) => watch(at.path(name), noticed));
  child = await at.start(args);
  await child.exited;
  for (const watcher of watchers) watcher.close();
  return child.exitCode;
}

describe("kill -9 of `step add` at any moment", () => {
  test("leaves the step there or not there, never half; what was acknowledged stays", async () => {
    const at = await Workspace.make();
    expect((await at.seqctl(["step", "add", "first"])).exit).toBe(0);
    const acknowledged = ["first"];
    for (let i = 0; i < 40; i++) {
      const code = await killedUpon(at, 1 + (i % 10), ["step", "add", `s${i}`]);
      const present = stepsOf(at);
      expect(new Set(present).size).toBe(present.length);
      if (code === 0) acknowledged.push(`s${i}`);
      for (const id of acknowledged) expect(present).toContain(id);
    }
    expect((await at.seqctl(["step", "add", "last"])).exit).toBe(0);
    const present = stepsOf(at);
    const added = at.audit().filter((entry) => entry.action === "step.add" && entry.result === "success");
    expect(added.map((entry) => entry.target)).toEqual(present);
    expect(proveAudit(at.lines(".threados/audit.log"))).toBeGreaterThanOrEqual(present.length);
    expect((await at.seqctl(["audit", "verify"])).exit).toBe(0);
    const strays = readdirSync(at.path(".threados")).filter((name) => /\.tmp$|\.torn-/.test(name));
    expect(strays).toEqual([]);
    // Some died.
    expect(acknowledged.length).toBeWithin(1, 41);
  });
});

describe("many commands at once", () => {
  test("fifty `step add` leave fifty steps, and nothing is lost", async () => {
    const at = await Workspace.make();
    const ids = Array.from({ length: 50 }, (_, i) => `s${i}`);
    const ended = await Promise.all(ids.map((id) => at.seqctl(["step", "add", id, "--command", '["true"]'])));
    expect(ended.filter(({ exit }) => exit !== 0)).toEqual([]);
    expect(stepsOf(at).sort()).toEqual([...ids].sort());
    expect(proveAudit(at.lines(".threados/audit.log"))).toBe(51);
    expect((await at.json(["audit", "verify"])).doc).toMatchObject({ ok: true, entries: 51 });
    // Undo knows every one of them.
    for (let i = 0; i < 3; i++) expect((await at.seqctl(["undo"])).exit).toBe(0);
    expect(stepsOf(at)).toHaveLength(47);
  });

  test("readers among writers always see a whole, valid sequence", async () => {
    const at = await Workspace.make();
    const writers = Array.from({ length: 12 }, (_, i) => at.seqctl(["step", "add", `s${i}`]));
    const readers = Array.from({ length: 12 }, () => at.json(["status"]));
    for (const { exit, doc } of await Promise.all(readers)) {
      expect(exit).toBe(0);
      expect(doc.counts.total).toBeLessThanOrEqual(12);
    }
    for (const { exit } of await Promise.all(writers)) expect(exit).toBe(0);
  });

  test("of two that approve the same gate, one succeeds", async () => {
    const at = await Workspace.make({ gates: [{ id: "g", name: "G" }] });
    const ended = await Promise.all([1, 2, 3].map(() => at.seqctl(["gate", "approve", "g", "--yes"])));
    expect(ended.map(({ exit }) => exit).sort()).toEqual([0, 5, 5]);
  });

  test("two inits in one folder make one workspace", async () => {
    const at = Workspace.empty();
    const ended = await Promise.all([1, 2, 3].map((i) => at.seqctl(["init", "--name", `n${i}`])));
    expect(ended.map(({ exit }) => exit).sort()).toEqual([0, 2, 2]);
    expect(readdirSync(at.root)).toEqual([".threados"]);
  });
});
