// Whoever approves a gate is told what that starts, wherever it is done, and from one source.
import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { person, refused } from "../rig/chat";
import { until } from "../rig/deadline";
import { opened } from "../rig/fake-shell";
import { Held } from "../rig/held";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const definition = {
  steps: [
    { id: "plan", command: ["sh", "-c", 'echo planned > "$THREADOS_OUTPUT_DIR/plan.md"'] },
    { id: "broken", command: ["false"] },
    { id: "report", command: ["node", "-e", "0"], env: { MODE: "full" }, depends_on: ["g"] },
    { id: "after", command: ["true"], depends_on: ["report"] },
    { id: "ship", command: ["true"], depends_on: ["report", "last"] },
    { id: "never", command: ["true"], depends_on: ["g", "broken"] },
    { id: "nor", command: ["true"], depends_on: ["never"] },
  ],
  gates: [
    { id: "g", name: "Look", depends_on: ["plan"], shows: ["plan"] },
    { id: "last", name: "Last word", depends_on: ["report"] },
  ],
};

const starts = [
  { step: "report", command: ["node", "-e", "0"], env: { MODE: "full" }, class: "arbitrary-code", gates: [] },
  { step: "after", command: ["true"], gates: [] },
  { step: "ship", command: ["true"], gates: ["last"] },
];

describe("what an approval starts", () => {
  test("stands in `gate show`, in the inbox, in a dry run and in the question, with its commands", async () => {
    const at = await Workspace.make(definition);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect((await at.json(["gate", "show", "g"])).doc.starts).toMatchObject(starts);
    expect((await at.json(["inbox"])).doc.gates[0].starts).toMatchObject(starts);
    const told = 'report: ["node","-e","0"]; with the environment {"MODE":"full"}; arbitrary code';
    expect((await at.seqctl(["gate", "show", "g"])).out).toContain(`\nan approval starts\n  ${told}\n`);
    expect((await at.seqctl(["inbox"])).out).toContain(`approving 'g' starts ${told}`);
    const { doc } = await at.json(["gate", "approve", "g", "--dry-run"]);
    expect(doc.starts.map(({ step }: { step: string }) => step)).toEqual(["report", "after", "ship"]);
    const threados = await opened(at);
    const asked = refused(await threados.dispatch({ action: "gate.approve", input: { id: "g" } }, person));
    if (asked.code !== "confirm.required") throw new Error(asked.code);
    expect(asked.about?.starts).toMatchObject(starts);
    expect(asked.about?.shown).toEqual(["plan: attempt 1, done; it left plan.md, stdout.log"]);
    expect(asked.about?.beside).toEqual([]);
    expect(asked.shows).toContain(`starts then: ${told}`);
    expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
    expect((await at.json(["gate", "show", "g"])).doc.starts).toEqual([]);
  });

  test.each([
    ["another command", '- "0"', '- "1"'],
    ["another environment", "MODE: full", "MODE: half"],
    ["one step less", "- report\n  - id: ship", "- broken\n  - id: ship"],
    ["no gate in between", "- report\n      - last", "- report"],
  ])("is what a yes is said to: with %s it has to be said anew", async (_what, words, others) => {
    const at = await Workspace.make(definition);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    const before = (await at.json(["gate", "show", "g"])).doc;
    const file = ".threados/sequence.yaml";
    const text = at.read(file);
    expect(text).toContain(words);
    at.write(file, text.replace(words, others));
    const moved = await at.json(["gate", "approve", "g", "--digest", before.confirm]);
    expect(moved).toMatchObject({ exit: 5, doc: { code: "gate.moved" } });
    const now = (await at.json(["gate", "show", "g"])).doc;
    // What it shows is the same, and named apart from what starts.
    expect([now.digest, now.confirm]).toEqual([before.digest, moved.doc.error.confirm]);
    expect((await at.seqctl(["gate", "approve", "g", "--digest", now.confirm])).exit).toBe(0);
  });

  test("is nothing where nobody has asked for what comes after it", async () => {
    const at = await Workspace.make(definition);
    await at.seqctl(["run", "step", "plan", "--yes"]);
    expect((await at.json(["gate", "show", "g"])).doc.starts).toEqual([]);
    expect((await at.seqctl(["gate", "show", "g"])).out).toContain("an approval starts nothing by itself");
  });
});

describe("an approval is bound to what starts on it, until that has begun", () => {
  /** `ship` may start, but for `slow`, which is held; what the gate shows stays as it is. */
  async function approved(ship: object) {
    const at = await Workspace.make();
    const held = new Held(at);
    const steps = [
      { id: "slow", command: held.command("slow") },
      { id: "ship", depends_on: ["g", "slow"], ...ship },
    ];
    const gates = [{ id: "g", name: "Go on?" }];
    at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "rig", steps, gates }));
    expect((await at.seqctl(["run", "--yes", "--detach"])).exit).toBe(0);
    expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
    await held.hasBegun("slow");
    return { at, held };
  }
  const ran = (text: string) => ["sh", "-c", `echo ${text} >> ran.txt`];
  const left = (at: Workspace) =>
    until("the engine to leave", () => at.facts().at(-1)?.type === "engine.stopped");
  const gateOf = async (at: Workspace) => (await at.status()).gates[0];

  test.each([
    ["command", ["--command", JSON.stringify(ran("new"))]],
    ["folder", ["--cwd", "held"]],
    ["environment", ["--env", '{"MODE":"other"}']],
  ])("with another %s it does not start, and does after another yes", async (_what, edit) => {
    const { at, held } = await approved({ command: ran("old") });
    expect((await at.json(["step", "edit", "ship", ...edit])).doc).toMatchObject({ voids: ["g"] });
    const changed = ["`ship`, which starts on it, changed since the approval"];
    expect(await gateOf(at)).toMatchObject({
      status: "PENDING",
      why: expect.stringContaining(changed[0] as string),
    });
    await held.release("slow");
    await left(at);
    expect([at.lines("ran.txt"), at.lines("held/ran.txt")]).toEqual([[], []]);
    expect(at.facts().filter(({ type }) => type === "gate.voided")).toMatchObject([
      { gate: "g", changed, stale: [] },
    ]);
    expect((await at.seqctl(["gate", "approve", "g", "--yes", "--follow"])).exit).toBe(0);
    expect([...at.lines("ran.txt"), ...at.lines("held/ran.txt")]).toHaveLength(1);
  });

  test("but not to its name, its description or its time limit", async () => {
    const { at, held } = await approved({ command: ran("old") });
    const edit = ["--name", "Ship it", "--description", "To all.", "--timeout-ms", "60000"];
    expect((await at.json(["step", "edit", "ship", ...edit])).doc.voids).toBeUndefined();
    await held.release("slow");
    await left(at);
    expect(at.lines("ran.txt")).toEqual(["old"]);
  });

  test("nor to a step that is removed: nothing is started of it", async () => {
    const { at, held } = await approved({ command: ran("old") });
    expect((await at.seqctl(["step", "rm", "ship", "--yes"])).exit).toBe(0);
    expect(await gateOf(at)).toMatchObject({ status: "APPROVED" });
    await held.release("slow");
    await left(at);
  });

  test("what has begun may be mended and tried again", async () => {
    const at = await Workspace.make({
      steps: [{ id: "ship", command: ["false"], depends_on: ["g"] }],
      gates: [{ id: "g", name: "Go on?" }],
    });
    await at.seqctl(["run", "--yes"]);
    expect((await at.seqctl(["gate", "approve", "g", "--yes", "--follow"])).exit).toBe(1);
    const { doc } = await at.json(["step", "edit", "ship", "--command", JSON.stringify(ran("mended"))]);
    expect(doc.voids).toBeUndefined();
    expect((await at.seqctl(["run", "step", "ship", "--yes"])).exit).toBe(0);
    expect(at.lines("ran.txt")).toEqual(["mended"]);
  });

  test("of a step that runs as several until the last of them has begun", async () => {
    const at = await Workspace.make({ rules: { max_concurrent: 1 } });
    const held = new Held(at);
    const steps = [{ id: "many", command: held.command("one"), fanout: 2, depends_on: ["g"] }];
    const gates = [{ id: "g", name: "Go on?" }];
    at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "rig", steps, gates }));
    await at.seqctl(["run", "--yes"]);
    expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
    await held.hasBegun("one");
    const { doc } = await at.json(["step", "edit", "many", "--command", JSON.stringify(ran("new"))]);
    expect(doc).toMatchObject({ voids: ["g"] });
    await held.release("one");
    await left(at);
    expect([held.began(), at.lines("ran.txt")]).toEqual([["one"], []]);
  });

  test.each(["on_success", "finally"])("of a step that is called by another (%s)", async (by) => {
    const at = await Workspace.make();
    const held = new Held(at);
    const steps = [
      { id: "slow", command: held.command("slow"), depends_on: ["g"], [by]: ["ship"] },
      { id: "ship", command: ran("old") },
    ];
    const gates = [{ id: "g", name: "Go on?" }];
    at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "rig", steps, gates }));
    await at.seqctl(["run", "--yes"]);
    expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
    await held.hasBegun("slow");
    const { doc } = await at.json(["step", "edit", "ship", "--command", JSON.stringify(ran("new"))]);
    expect(doc).toMatchObject({ voids: ["g"] });
    await held.release("slow");
    await left(at);
    expect(at.lines("ran.txt")).toEqual([]);
    expect((await at.seqctl(["gate", "approve", "g", "--yes", "--follow"])).exit).toBe(0);
    expect(at.lines("ran.txt")).toEqual(["new"]);
  });

  test("of a step that waits behind one that has failed", async () => {
    const steps = [
      { id: "bad", command: ["test", "-e", "mended"] },
      { id: "ship", command: ran("old"), depends_on: ["g", "bad"] },
    ];
    const at = await Workspace.make({ steps, gates: [{ id: "g", name: "Go on?" }] });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
    const { doc } = await at.json(["step", "edit", "ship", "--command", JSON.stringify(ran("new"))]);
    expect(doc).toMatchObject({ voids: ["g"] });
    at.write("mended", "");
    await at.seqctl(["run", "step", "bad", "--yes"]);
    expect(at.lines("ran.txt")).toEqual([]);
  });
});
