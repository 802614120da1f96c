import { afterEach, describe, expect, test } from "bun:test";
import type { Check } from "../../../lib/core/views/check";
import { say, sayIn } from "../../rig/fake-shell";
import { cleanUp, Workspace } from "../../rig/workspace";

afterEach(cleanUp);

describe("validate", () => {
  test("says of a file that it is valid, without a workspace", async () => {
    const at = Workspace.empty();
    at.write(
      "mine.yaml",
      "version: 1\nname: mine\nsteps: [{id: a, command: [x]}]\ngates: [{id: g, name: Go}]\n",
    );
    const said = await say(["validate", "mine.yaml"], { cwd: at.root });
    expect(said).toMatchObject({ exit: 0, out: "✓ mine.yaml is valid: mine, 1 step, 1 gate\n" });
    const { doc } = await at.json(["validate", "mine.yaml"]);
    expect(doc).toEqual({ ok: true, file: "mine.yaml", name: "mine", steps: 1, gates: 1, warnings: [] });
  });

  test("points at the place of a fault, and changes nothing", async () => {
    const at = Workspace.empty();
    at.write("bad.yaml", "version: 1\nname: bad\nsteps:\n  - id: a\n    comand: [x]\n");
    const { exit, doc } = await at.json(["validate", "bad.yaml"]);
    expect({ exit, doc }).toMatchObject({
      exit: 2,
      doc: { code: "sequence.unknown_key", error: { nearest: "command", place: { line: 5, column: 5 } } },
    });
    const said = await say(["validate", "bad.yaml"], { cwd: at.root });
    expect(said.err).toContain("bad.yaml:5:5");
    expect(said.err).toContain("did you mean 'command'?");
    expect(await at.json(["validate", "none.yaml"])).toMatchObject({
      exit: 2,
      doc: { code: "file.missing" },
    });
  });

  test("without a file looks at the workspace's own, and at its policy", async () => {
    const at = await Workspace.make({ steps: [{ id: "a" }], policy: { max_concurrent: 900 } });
    const said = await sayIn(at, ["validate"]);
    expect(said).toMatchObject({ exit: 0, out: expect.stringContaining(".threados/sequence.yaml is valid") });
    expect(said.err).toContain("max_concurrent");
    at.write(".threados/policy.yaml", "mod: SAFE\n");
    expect(await at.json(["validate"])).toMatchObject({ exit: 2, doc: { code: "policy.invalid" } });
    at.write(".threados/sequence.yaml", "version: 1\n");
    expect(await at.json(["validate"])).toMatchObject({ exit: 2, doc: { code: "sequence.invalid" } });
  });
});

describe("schema", () => {
  test("prints a schema that says which file it is of", async () => {
    for (const [words, title] of [
      [[], "sequence.yaml"],
      [["sequence"], "sequence.yaml"],
      [["policy"], "policy.yaml"],
    ] as const) {
      const plain = await say(["schema", ...words]);
      const json = await say(["schema", ...words, "--json"]);
      expect(JSON.parse(plain.out)).toEqual(JSON.parse(json.out));
      expect(JSON.parse(plain.out).title).toContain(title);
    }
    const other = await say(["schema", "agents"]);
    expect(other).toMatchObject({ exit: 2, err: expect.stringContaining("sequence, policy") });
  });
});

describe("doctor", () => {
  const state = (checks: Check[]) => Object.fromEntries(checks.map((check) => [check.name, check.state]));

  test("finds a sound workspace sound, its lock proven between processes", async () => {
    const at = await Workspace.make({ steps: [{ id: "a" }] });
    const { exit, doc } = await at.json<{ ok: boolean; checks: Check[] }>(["doctor"]);
    expect({ exit, ok: doc.ok }).toEqual({ exit: 0, ok: true });
    expect(state(doc.checks)).toMatchObject({
      runtime: "good",
      lock: "good",
      workspace: "good",
      sequence: "good",
      policy: "good",
    });
    expect((await sayIn(at, ["doctor"])).out).toContain("nothing stands in the way");
    expect(at.lines(".threados/audit.log")).toHaveLength(1);
  });

  test("works outside of a workspace", async () => {
    const at = Workspace.empty();
    const { exit, doc } = await at.json<{ checks: Check[] }>(["doctor"]);
    expect(exit).toBe(0);
    expect(state(doc.checks)).toMatchObject({ lock: "good", workspace: "missing" });
  });

  test("fails where something that is needed is broken, and says how to mend it", async () => {
    const at = await Workspace.make();
    at.write(".threados/sequence.yaml", "version: 2\nname: x\n");
    const said = await sayIn(at, ["doctor"]);
    expect(said.exit).toBe(1);
    expect(said.out).toMatch(/✗ +sequence +the file says version 2/);
    expect(said.out).toContain("update ThreadOS");
  });
});
