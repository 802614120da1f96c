import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

/** Lines that were taken away and put in. */
function changes(before: string, after: string) {
  const [old, now] = [before.split("\n"), after.split("\n")];
  return {
    gone: old.filter((line) => !now.includes(line)),
    come: now.filter((line) => !old.includes(line)),
  };
}

const commented = `# what we do
version: 1
name: 'quoted' # kept

steps:
  # the first
  - id: a     # behind
    command: ["true"]

    # between
    name: "A"
  - {id: b, command: ['echo', "b"], depends_on: [a]} # flow
  - id: c
    command:
      - sh
      - -c
      - |
        exit 0
# the end
`;

async function authored(text: string): Promise<Workspace> {
  const at = Workspace.empty();
  at.write("authored.yaml", text);
  expect((await at.seqctl(["init", "--from", "authored.yaml"])).exit).toBe(0);
  return at;
}

describe("steps", () => {
  test("a list flag that is given several times takes all that was given", async () => {
    const at = await Workspace.make({ steps: ["a", "b", "c", "d"].map((id) => ({ id })) });
    const flags = ["--depends-on", "a", "--depends-on", "b,c", "--depends-on", '["d"]'];
    expect((await at.json(["step", "add", "last", ...flags])).exit).toBe(0);
    expect((await at.json(["step", "show", "last"])).doc.definition.depends_on).toEqual(["a", "b", "c", "d"]);
    expect((await at.json(["step", "edit", "last", "--depends-on", ""])).exit).toBe(0);
    expect((await at.json(["step", "show", "last"])).doc.definition.depends_on).toEqual([]);
    const broken = await at.json(["step", "edit", "last", "--depends-on", "a", "--depends-on", "[b"]);
    expect(broken).toMatchObject({ exit: 2, doc: { code: "input.invalid" } });
  });

  test("add takes every flag of the grammar", async () => {
    const at = await Workspace.make({ steps: [{ id: "first" }, { id: "second" }] });
    const flags = [
      ["--name", "Build: it"],
      ["--type", "base"],
      ["--model", "shell"],
      ["--command", '["npm","run build"]'],
      ["--prompt", "prompts/build.md"],
      ["--depends-on", "first,second"],
      ["--cwd", "src"],
      ["--timeout-ms", "600000"],
      ["--env", '{"CI":"1"}'],
      ["--retry", '{"limit":2}'],
      ["--priority", "-3"],
      ["--idempotent"],
    ].flat();
    const { exit, doc } = await at.json(["step", "add", "build", ...flags]);
    expect(exit).toBe(0);
    expect(doc).toMatchObject({
      action: "step.add",
      changed: true,
      before: expect.any(String),
      after: expect.any(String),
    });
    expect((await at.json(["step", "show", "build"])).doc.definition).toEqual({
      id: "build",
      name: "Build: it",
      type: "base",
      model: "shell",
      command: ["npm", "run build"],
      prompt: "prompts/build.md",
      depends_on: ["first", "second"],
      cwd: "src",
      timeout_ms: 600_000,
      env: { CI: "1" },
      retry: { limit: 2 },
      priority: -3,
      idempotent: true,
    });
  });

  test("edit and dep add touch only the lines they are about", async () => {
    const at = await authored(commented);
    expect((await at.seqctl(["step", "edit", "a", "--name", "The first"])).exit).toBe(0);
    expect(changes(commented, at.definition)).toEqual({
      gone: ['    name: "A"'],
      come: ['    name: "The first"'],
    });
    const edited = at.definition;
    expect((await at.seqctl(["dep", "add", "c", "b"])).exit).toBe(0);
    const added = changes(edited, at.definition);
    expect(added.gone).toEqual([]);
    expect(added.come.join("\n")).toMatch(/^ {4}depends_on:/);
    expect((await at.seqctl(["dep", "rm", "c", "b"])).exit).toBe(0);
    expect((await at.seqctl(["step", "edit", "c", "--unset", "depends_on"])).exit).toBe(0);
    expect(at.definition).toBe(edited);
  });

  test("an edit that says what stands there already leaves every byte", async () => {
    const at = await authored(commented);
    const { exit, doc } = await at.json(["step", "edit", "a", "--name", "A"]);
    expect({ exit, changed: doc.changed }).toEqual({ exit: 0, changed: false });
    expect(at.definition).toBe(commented);
  });

  test("clone copies everything but the id, and rm takes away what nobody needs", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"], env: { K: "v" } }] });
    expect((await at.seqctl(["step", "clone", "a", "a2"])).exit).toBe(0);
    expect((await at.json(["step", "show", "a2"])).doc.definition).toEqual({
      id: "a2",
      command: ["true"],
      env: { K: "v" },
    });
    expect((await at.seqctl(["step", "rm", "a", "--yes"])).exit).toBe(0);
    expect((await at.status()).steps.map((step) => step.id)).toEqual(["a2"]);
  });

  test("rm asks: without a terminal and without --yes it becomes a proposal", async () => {
    const at = await Workspace.make({ steps: [{ id: "a" }] });
    const before = at.definition;
    const { exit, doc } = await at.json(["step", "rm", "a"]);
    expect({ exit, code: doc.code }).toEqual({ exit: 3, code: "approval.pending" });
    expect(at.definition).toBe(before);
    expect((await at.json(["inbox"])).doc.proposals).toMatchObject([
      { id: doc.error.proposal, summary: "remove step a" },
    ]);
  });

  test("--dry-run says what would happen and records nothing", async () => {
    const at = await Workspace.make();
    const [before, entries] = [at.definition, at.audit().length];
    const plain = await at.seqctl(["step", "add", "a", "--dry-run"]);
    expect(plain).toMatchObject({ exit: 0, out: "would add step a\n" });
    expect((await at.json(["step", "add", "a", "--dry-run"])).doc).toMatchObject({
      dry_run: true,
      changed: true,
    });
    expect([at.definition, at.audit().length]).toEqual([before, entries]);
  });
});

test.each([
  ["step add a", 2, "id.taken"],
  ["step add A", 2, "id.taken"],
  ["step add g", 2, "id.taken"],
  ["step add ../x", 2, "id.invalid"],
  ["step add nul", 2, "id.reserved"],
  ["step add x --depends-on nobody", 2, "dep.unknown"],
  ["step add x --timeout-ms soon", 2, "input.invalid"],
  ["step add x --timeout-ms -5", 2, "input.invalid"],
  ["step add x --type q", 2, "input.invalid"],
  ["step add x --command [", 2, "input.invalid"],
  ["step add x --retry {", 2, "input.invalid"],
  ["step add x --bogus 1", 2, "input.invalid"],
  ["step add", 2, "input.invalid"],
  ["step add x y", 2, "input.invalid"],
  ["step edit nobody --name n", 2, "step.unknown"],
  ["step edit a --depends-on b", 2, "dep.cycle"],
  ["step rm nobody --yes", 2, "step.unknown"],
  ["step rm a --yes", 2, "node.in_use"],
  ["step clone nobody x", 2, "step.unknown"],
  ["step clone a b", 2, "id.taken"],
  ["step clone a", 2, "input.invalid"],
  ["step show nobody", 2, "step.unknown"],
  ["dep add a b", 2, "dep.cycle"],
  ["dep add a a", 2, "dep.cycle"],
  ["dep add b a", 2, "dep.exists"],
  ["dep add nobody a", 2, "step.unknown"],
  ["dep add a nobody", 2, "dep.unknown"],
  ["dep rm a b", 2, "dep.missing"],
  ["dep rm nobody a", 2, "step.unknown"],
  ["gate insert a --name n", 2, "id.taken"],
  ["gate insert x", 2, "input.invalid"],
  ["gate insert x --name n --depends-on nobody", 2, "dep.unknown"],
])("`%s` exits %d with %s, and changes nothing", async (line, exit, code) => {
  const at = await Workspace.make({
    steps: [{ id: "a" }, { id: "b", depends_on: ["a"] }],
    gates: [{ id: "g", name: "G", depends_on: ["b"] }],
  });
  const before = at.definition;
  const said = await at.json(line.split(" "));
  expect(said.doc).toMatchObject({ code, error: { code, message: expect.any(String) } });
  expect(said.exit).toBe(exit);
  expect(said.err).toBe("");
  expect(at.definition).toBe(before);
  const plain = await at.seqctl(line.split(" "));
  expect(plain).toMatchObject({ exit, out: "" });
  expect(plain.err).toStartWith("error ");
  expect(plain.err).not.toMatch(/\n\s+at /);
});

test("gates are inserted with all their keys and listed", async () => {
  const at = await Workspace.make({ steps: [{ id: "a" }] });
  const questions = '[{"id":"env","type":"choice","options":["dev","prod"]}]';
  const line = [
    "gate",
    "insert",
    "review",
    "--name",
    "Look at it",
    "--depends-on",
    "a",
    "--shows",
    "a",
    "--questions",
    questions,
  ];
  expect((await at.json(line)).exit).toBe(0);
  expect((await at.json(["gate", "list"])).doc.gates).toEqual([
    {
      id: "review",
      name: "Look at it",
      status: "PENDING",
      reason: "waiting_deps",
      why: expect.stringContaining("'a'"),
      depends_on: ["a"],
      shows: ["a"],
      sent_back: 0,
      takes: ["reject", "block"],
    },
  ]);
  expect((await at.seqctl(["gate", "list"])).out).toMatch(/PENDING +review +Look at it/);
});

test("every attempt is in the audit log, refused ones too, and it verifies", async () => {
  const at = await Workspace.make();
  await at.seqctl(["step", "add", "a"]);
  await at.seqctl(["step", "add", "a"]);
  await at.seqctl(["step", "rm", "a"]);
  expect(at.audit().slice(1)).toMatchObject([
    { action: "step.add", actor: "user", surface: "cli", target: "a", result: "success" },
    { action: "step.add", target: "a", result: "error", error: { code: "id.taken" } },
    { action: "step.rm", target: "a", result: "pending", error: { code: "approval.pending" } },
  ]);
  expect((await at.json(["audit", "verify"])).doc).toMatchObject({ ok: true, entries: 4 });
});
