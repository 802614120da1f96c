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

  const faulty = [
    "version: 1",
    "name: bad",
    "steps:",
    "  - id: build",
    "    comand: [x]",
    "    retry: {limit: many}",
    "  - id: lint",
    "    depends_on: [build, biuld, lnt]",
    "gates:",
    "  - {id: go, name: Go, depends_on: [lind]}",
  ];

  test("names everything that can be known at once, in the order of the file", async () => {
    const at = Workspace.empty();
    at.write("bad.yaml", `${faulty.join("\n")}\n`);
    const { exit, doc } = await at.json(["validate", "bad.yaml"]);
    expect(exit).toBe(2);
    const found = doc.faults.map(
      ({ code, place, nearest }: { code: string; place: { line: number }; nearest?: string }) => [
        place.line,
        code,
        nearest,
      ],
    );
    expect(found).toEqual([
      [5, "sequence.unknown_key", "command"],
      [6, "sequence.invalid", undefined],
      // 'build' and 'lint' itself are no answers.
      [8, "dep.unknown", undefined],
      [8, "dep.unknown", undefined],
      [10, "dep.unknown", "lint"],
    ]);
    expect(doc.code).toBe("sequence.unknown_key");
    const said = await say(["validate", "bad.yaml"], { cwd: at.root });
    expect(said.exit).toBe(2);
    expect(said.err.match(/^error /gm)).toHaveLength(5);
    expect(said.err.match(/\^+/g)).toHaveLength(5);
    expect(said.err).toEndWith("5 faults\n");
  });

  test("names a circle where every name means something, and what contradicts itself beside it", async () => {
    const at = Workspace.empty();
    const steps =
      "steps: [{id: a, depends_on: [b], worktree: {setup: [x]}}, {id: b, depends_on: [a], command: ['']}]";
    at.write("bad.yaml", `version: 1\nname: bad\n${steps}\n`);
    const { doc } = await at.json(["validate", "bad.yaml"]);
    expect(doc.faults.map(({ code }: { code: string }) => code).sort()).toEqual([
      "dep.cycle",
      "sequence.invalid",
      "sequence.invalid",
    ]);
    at.write("bad.yaml", "version: 1\nname: bad\nsteps: [{id: a, when: '1 +'}, {id: b, when: steps.c.x}]\n");
    expect((await at.json(["validate", "bad.yaml"])).doc.faults).toHaveLength(2);
  });

  test("names every other kind of fault beside those of single keys", async () => {
    const at = Workspace.empty();
    const lines = [
      "version: 1",
      "name: bad",
      "steps:",
      "  - {id: a, timeout_ms: soon, depends_on: [b]}",
      "  - {id: b, depends_on: [a], group_id: g, fail_policy: fail_fast}",
      "  - {id: B, group_id: g, fail_policy: best_effort}",
      "  - {id: c, when: '1 +', model: claud-code}",
      "  - {id: d, depends_on: [cc], when: steps.e.outputs.x}",
      "  - {id: e, outputs: {schema: {type: nope}}}",
      "  - {id: f, worktree: {setup: [x]}}",
      "gates: [{id: h, name: H, shows: [z]}]",
    ];
    at.write("bad.yaml", `${lines.join("\n")}\n`);
    const { doc } = await at.json(["validate", "bad.yaml"]);
    expect(
      doc.faults.map((f: { code: string; place: { line: number } }) => [f.place.line, f.code].join(" ")),
    ).toEqual([
      "4 sequence.invalid",
      "4 dep.cycle",
      "6 id.taken",
      "6 sequence.invalid",
      "7 sequence.invalid",
      "7 agent.unknown",
      "8 dep.unknown",
      "9 sequence.invalid",
      "10 sequence.invalid",
      "11 sequence.invalid",
    ]);
  });

  test("says nothing that may be due to a key that can't be read", async () => {
    const at = Workspace.empty();
    const steps = [
      "{id: a, type: ff}",
      "{id: s, fusion_synth: true, fusion_candidates: [a], type: f}",
      "{id: b, depends_on: 7}",
      "{id: c, depends_on: [b], when: steps.a.outputs.x}",
      "{id: d, isolatoin: worktree, worktree: {setup: [x]}}",
      "{id: e, when: params.x}",
    ];
    at.write("bad.yaml", `version: 1\nname: bad\nparms: {x: {type: string}}\nsteps: [${steps.join(", ")}]\n`);
    const { doc } = await at.json(["validate", "bad.yaml"]);
    expect(doc.faults.map(({ message }: { message: string }) => message)).toEqual([
      "unknown key 'parms' in the sequence",
      expect.stringContaining("step 'a', type"),
      expect.stringContaining("step 'b', depends_on"),
      "unknown key 'isolatoin' in step 'd'",
    ]);
  });

  test("names an agent that nobody has described, and those there are", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", model: "revewer:fast" }] });
    at.write(
      "beside.yaml",
      "version: 1\nname: b\nsteps: [{id: a, model: reviewer}]\ndefaults: {model: cladue-code}\n",
    );
    const known = "'claude-code', 'codex', 'gemini', 'opencode', 'shell'";
    const own = await at.json(["validate"]);
    expect([own.exit, own.doc.code]).toEqual([2, "agent.unknown"]);
    expect(own.doc.error).toMatchObject({
      hint: expect.stringContaining(known),
      place: { file: ".threados/sequence.yaml" },
    });
    const beside = await at.json(["validate", "beside.yaml"]);
    expect(beside.doc.faults).toMatchObject([
      { message: expect.stringContaining("step 'a' names the agent 'reviewer'"), place: { line: 3 } },
      {
        message: expect.stringContaining("`defaults` names"),
        hint: expect.stringContaining("did you mean 'claude-code'?"),
      },
    ]);
    at.write(".threados/agents.yaml", "agents:\n  reviewer: {extends: codex}\n");
    expect((await at.json(["validate"])).doc.error.hint).toContain("did you mean 'reviewer'?");
    expect((await at.json(["validate", "beside.yaml"])).doc.faults).toHaveLength(1);
    at.write(".threados/sequence.yaml", at.read(".threados/sequence.yaml").replace("revewer", "reviewer"));
    expect((await at.json(["validate"])).exit).toBe(0);
  });

  test("names the faults of the policy beside those of the sequence", async () => {
    const at = await Workspace.make();
    at.write(".threados/sequence.yaml", `${faulty.join("\n")}\n`);
    at.write(".threados/policy.yaml", "mod: SAFE\n");
    const { doc } = await at.json(["validate"]);
    expect(doc.faults).toHaveLength(6);
    expect(doc.faults.at(-1)).toMatchObject({ code: "policy.invalid", place: { line: 1, column: 1 } });
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
  test("says that the audit log was tampered with", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
    expect((await at.seqctl(["step", "edit", "a", "--description", "mine"])).exit).toBe(0);
    const log = ".threados/audit.log";
    at.write(log, at.read(log).replace("mine", "ours"));
    const { exit, doc } = await at.json<{ ok: boolean; checks: Check[] }>(["doctor"]);
    expect({ exit, ok: doc.ok }).toEqual({ exit: 1, ok: false });
    expect(doc.checks.find(({ name }) => name === "audit log")).toMatchObject({ state: "bad", needed: true });
  });

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
