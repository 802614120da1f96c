import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { dispatch } from "../../lib/runtime/dispatch";
import { query } from "../../lib/runtime/query";
import { until } from "../rig/deadline";
import { opened, sayIn } from "../rig/fake-shell";
import { Held } from "../rig/held";
import { value } from "../rig/sequence";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const plan = {
  id: "plan",
  command: ["sh", "-c", 'printf "do this\\n" > "$THREADOS_OUTPUT_DIR/summary.md"; echo planned'],
};
const deploy = { id: "deploy", command: ["sh", "-c", "echo ran >> ran.txt"], depends_on: ["g"] };
const gate = { id: "g", name: "Look at the plan", depends_on: ["plan"], shows: ["plan"] };

/** A run in which only `plan` was asked for and is done: what is below the gate waits until somebody asks. */
async function planned(extra: object = {}) {
  const at = await Workspace.make({ steps: [plan, deploy], gates: [{ ...gate, ...extra }] });
  expect((await at.seqctl(["run", "step", "plan", "--yes"])).exit).toBe(0);
  return at;
}

const shown = async (at: Workspace) => (await at.json(["gate", "show", "g"])).doc;
const gateOf = async (at: Workspace) => (await at.status()).gates[0];
const complete = (at: Workspace) => until("the run's completion", async () => !(await at.status()).open);

/** Changes one byte; neither size nor time of change tell of it. */
function changeOneByte(at: Workspace, name: string): void {
  const path = at.path(name);
  const { atime, mtime } = fs.statSync(path);
  const bytes = fs.readFileSync(path);
  bytes[0] = (bytes[0] as number) ^ 1;
  fs.writeFileSync(path, bytes);
  fs.utimesSync(path, atime, mtime);
}

describe("an undo of what came before an approval", () => {
  test("says which approval is void by it and what is stale then, also when it is only tried", async () => {
    const later = { id: "later", command: ["true"], depends_on: ["g"] };
    const at = await Workspace.make({ steps: [plan, deploy, later], gates: [gate] });
    await at.seqctl(["run", "step", "plan", "--yes"]);
    await at.seqctl(["step", "edit", "plan", "--cwd", "."]);
    expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
    expect((await at.seqctl(["run", "step", "deploy", "--yes"])).exit).toBe(0);
    expect((await at.json(["step", "edit", "later", "--name", "Later"])).doc.voids).toBeUndefined();
    expect((await at.json(["undo"])).doc.voids).toBeUndefined();
    const lost = {
      voids: ["g"],
      note: "the approval of gate 'g' is void by this, somebody has to decide there again, and what was started on it is stale: deploy",
    };
    expect((await at.json(["undo", "--dry-run"])).doc).toMatchObject(lost);
    expect(await gateOf(at)).toMatchObject({ status: "APPROVED" });
    expect((await at.json(["undo"])).doc).toMatchObject(lost);
    expect(await gateOf(at)).toMatchObject({ status: "PENDING", reason: "waiting_human" });
  });
});

describe("approve, then change one byte of what was shown", () => {
  test.each(["summary.md", "stdout.log"])(
    "(%s): the gate is PENDING, says what changed, and nothing below starts",
    async (file) => {
      const at = await planned();
      expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
      expect(await gateOf(at)).toMatchObject({ status: "APPROVED" });
      changeOneByte(at, `${at.attempt("plan")}/${file}`);
      const why = `'g' waits for a person to decide again, as the approval by user became void: \`plan\`'s ${file} changed since the approval.`;
      expect(await gateOf(at)).toMatchObject({ status: "PENDING", reason: "waiting_human", why });
      expect((await at.json(["inbox"])).doc.gates).toMatchObject([{ id: "g", why }]);
      expect((await at.seqctl(["run", "--yes"])).exit).toBe(3);
      expect(at.lines("ran.txt")).toEqual([]);
      expect(at.facts().filter((fact) => fact.type === "gate.voided")).toMatchObject([
        { gate: "g", changed: [`\`plan\`'s ${file} changed since the approval`], stale: [] },
      ]);
      expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
      await complete(at);
      expect(at.lines("ran.txt")).toEqual(["ran"]);
    },
  );

  test("a result named like an agent's report counts as well where no agent ran", async () => {
    const command = ["sh", "-c", 'echo "do this" > "$THREADOS_OUTPUT_DIR/usage.json"'];
    const at = await Workspace.make({ steps: [{ ...plan, command }, deploy], gates: [gate] });
    expect((await at.seqctl(["run", "step", "plan", "--yes"])).exit).toBe(0);
    expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
    changeOneByte(at, `${at.attempt("plan")}/usage.json`);
    const why =
      "'g' waits for a person to decide again, as the approval by user became void: `plan`'s usage.json changed since the approval.";
    expect(await gateOf(at)).toMatchObject({ status: "PENDING", why });
  });

  test("while work below it is queued: the engine looks right before it starts anything", async () => {
    const at = await Workspace.make({ rules: { max_concurrent: 1 } });
    const held = new Held(at);
    const long = { id: "long", command: held.command("long"), depends_on: ["plan"] };
    at.write(
      ".threados/sequence.yaml",
      JSON.stringify({ version: 1, name: "rig", steps: [plan, long, deploy], gates: [gate] }),
    );
    expect((await at.seqctl(["run", "--yes", "--detach"])).exit).toBe(0);
    await held.hasBegun("long");
    expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
    expect(await at.standing()).toMatchObject({ deploy: "QUEUED limit" });
    changeOneByte(at, `${at.attempt("plan")}/summary.md`);
    await held.release("long");
    await until("the engine to leave", () => at.facts().at(-1)?.type === "engine.stopped");
    expect(await gateOf(at)).toMatchObject({ status: "PENDING" });
    expect(await at.standing()).toMatchObject({ long: "DONE 1", deploy: "BLOCKED waiting_gate" });
    expect(at.lines("ran.txt")).toEqual([]);
  });
});

describe("an approval is void, too,", () => {
  test("when a shown step runs again", async () => {
    const at = await planned();
    await at.seqctl(["gate", "approve", "g", "--yes"]);
    expect((await at.seqctl(["rerun", "plan", "--yes"])).exit).toBe(0);
    expect((await gateOf(at))?.why).toContain("`plan` was asked for again since the approval");
  });

  test("when the definition of a shown step changes, or what the gate says", async () => {
    const at = await planned();
    await at.seqctl(["gate", "approve", "g", "--yes"]);
    await at.seqctl(["step", "edit", "plan", "--cwd", "."]);
    expect((await gateOf(at))?.why).toContain("`plan`'s definition changed since the approval");
    await at.seqctl(["undo"]);
    expect(await gateOf(at)).toMatchObject({ status: "APPROVED" });
    at.write(".threados/sequence.yaml", at.definition.replace("Look at the plan", "Anything"));
    expect((await gateOf(at))?.why).toContain("what the gate says or asks changed since the approval");
  });

  test("but not when a shown step is only called or described in another way", async () => {
    const at = await planned();
    await at.seqctl(["gate", "approve", "g", "--yes"]);
    await at.seqctl(["step", "edit", "plan", "--description", "what is to be done", "--timeout-ms", "60000"]);
    expect(await gateOf(at)).toMatchObject({ status: "APPROVED" });
    expect((await at.status()).steps[0]).toMatchObject({ status: "DONE", stale: false });
  });

  test("when a file was added or taken away", async () => {
    const at = await planned();
    await at.seqctl(["gate", "approve", "g", "--yes"]);
    at.write(`${at.attempt("plan")}/output.json`, "{}");
    expect((await gateOf(at))?.why).toContain("`plan`'s output.json was added since the approval");
    fs.rmSync(at.path(`${at.attempt("plan")}/summary.md`));
    expect((await gateOf(at))?.why).toContain("`plan`'s summary.md is gone since the approval");
  });

  test("when it expired before anything was started on it", async () => {
    const at = await planned({ expires_ms: 1 });
    await at.seqctl(["gate", "approve", "g", "--yes"]);
    expect((await gateOf(at))?.why).toContain("the approval expired after 1 ms");
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(3);
    expect(at.lines("ran.txt")).toEqual([]);
  });

  test("and a gate that was approved behind it goes with it", async () => {
    const at = await Workspace.make({
      steps: [plan, { ...deploy, depends_on: ["h"] }],
      gates: [gate, { id: "h", name: "Again", depends_on: ["g"] }],
    });
    await at.seqctl(["run", "step", "plan", "--yes"]);
    for (const id of ["g", "h"]) expect((await at.seqctl(["gate", "approve", id, "--yes"])).exit).toBe(0);
    changeOneByte(at, `${at.attempt("plan")}/summary.md`);
    expect((await at.status()).gates).toMatchObject([{ status: "PENDING" }, { status: "PENDING" }]);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(3);
    expect(at.lines("ran.txt")).toEqual([]);
  });
});

test("what was started already goes on, and is marked stale", async () => {
  const at = await Workspace.make({ rules: { max_concurrent: 1 } });
  const held = new Held(at);
  const first = { id: "first", command: held.command("first"), depends_on: ["g"] };
  at.write(
    ".threados/sequence.yaml",
    JSON.stringify({ version: 1, name: "rig", steps: [plan, first, deploy], gates: [gate] }),
  );
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(3);
  await at.seqctl(["gate", "approve", "g", "--yes"]);
  await held.hasBegun("first");
  changeOneByte(at, `${at.attempt("plan")}/summary.md`);
  await held.release("first");
  await until("the engine to leave", () => at.facts().at(-1)?.type === "engine.stopped");
  const { steps } = await at.status();
  expect(steps).toMatchObject([
    { id: "plan", stale: false },
    { id: "first", status: "DONE", stale: true },
    { id: "deploy", status: "BLOCKED", stale: false },
  ]);
  expect((await at.seqctl(["status"])).out).toContain(
    "stale: it was started on an approval of 'g' that became void",
  );
  expect(at.lines("ran.txt")).toEqual([]);
});

describe("a yes is bound to what was shown", () => {
  test("`gate show` lists it with sizes, digests and beginnings; the digest approves exactly that", async () => {
    const at = await planned();
    const doc = await shown(at);
    expect(doc).toMatchObject({
      id: "g",
      status: "PENDING",
      decision: null,
      shows: [
        {
          step: "plan",
          attempt: 1,
          standing: "done",
          files: [
            { name: "stdout.log", size: 8, excerpt: "planned\n", cut: false },
            { name: "summary.md", size: 8, excerpt: "do this\n" },
          ],
        },
      ],
    });
    const { out } = await at.seqctl(["gate", "show", "g"]);
    expect(out).toContain("    do this\n");
    expect(out).toContain(doc.confirm);
    expect((await at.seqctl(["gate", "approve", "g", "--digest", doc.confirm])).exit).toBe(0);
    expect(at.facts().findLast((fact) => fact.type === "gate.approved")).toMatchObject({
      shown: { digest: doc.digest },
    });
    expect(at.audit().findLast((entry) => entry.action === "gate.approve")).toMatchObject({
      payload: { shown: doc.digest },
    });
    expect((await shown(at)).decision).toMatchObject({ status: "APPROVED", by: "user", digest: doc.digest });
  });

  test("of a long file the question shows the beginning and says so; `gate show` shows all of it", async () => {
    const long = { id: "plan", command: ["sh", "-c", "seq 20000"] };
    const at = await Workspace.make({ steps: [long, deploy], gates: [gate] });
    expect((await at.seqctl(["run", "step", "plan", "--yes"])).exit).toBe(0);
    const size = 108_894;
    const [file] = (await shown(at)).shows[0].files;
    expect(file).toMatchObject({ size, shown: 4096, cut: true });
    expect(file.excerpt).toHaveLength(4096);
    const { out } = await at.seqctl(["gate", "show", "g"]);
    const lines = Array.from({ length: 20_000 }, (_, index) => `    ${index + 1}\n`).join("");
    expect(out).toContain(`\n${lines}\n`);
    const { err } = await sayIn(at, ["gate", "approve", "g"], { answers: ["n"] });
    expect(err).toContain("\n    … 4,096 of 108,894 bytes; `seqctl gate show g` shows all\n");
    expect(err).not.toContain("\n    20000\n");
  });

  test("each yes that can't count is refused in its own words", async () => {
    const at = await planned();
    const { confirm: before } = await shown(at);
    await at.seqctl(["step", "edit", "plan", "--cwd", "."]);
    const refused = async (...args: string[]) => {
      const { exit, doc } = await at.json(["gate", "approve", "g", ...args]);
      return { exit, code: doc.code };
    };
    expect(await refused("--digest", before)).toEqual({ exit: 5, code: "gate.moved" });
    expect(await refused("--digest", before, "--yes")).toEqual({ exit: 5, code: "gate.moved" });
    expect(await refused()).toEqual({ exit: 3, code: "approval.pending" });
    const { ports } = await opened(at);
    const { confirm } = await shown(at);
    const inside = { actor: "agent:plan", surface: "cli" } as const;
    const approve = { action: "gate.approve", input: { id: "g" } };
    expect(await dispatch(ports, approve, inside, { confirm })).toMatchObject({
      failure: { code: "agent.forbidden" },
    });
    expect((await at.seqctl(["gate", "approve", "g", "--digest", confirm])).exit).toBe(0);
    expect(await refused("--digest", confirm)).toEqual({ exit: 5, code: "gate.already" });
  });

  test("a person at a terminal sees it before the question", async () => {
    const at = await planned();
    const { confirm } = await shown(at);
    const said = await sayIn(at, ["gate", "approve", "g"], { answers: ["y"] });
    expect(said.exit).toBe(0);
    expect(said.err).toContain("    do this\n");
    expect(said.err).toContain(confirm);
  });

  test("a secret in it is not shown", async () => {
    const at = await planned();
    at.write(`${at.attempt("plan")}/summary.md`, "token=hunter2hunter2\n");
    expect(JSON.stringify(await shown(at))).not.toContain("hunter2");
  });
});

describe("what stands further below", () => {
  /** `first` is held below the gate; `second` waits for it alone, `deploy` behind another gate that is approved. */
  async function begun(extra: object = {}) {
    const at = await Workspace.make();
    const held = new Held(at);
    const steps = [
      plan,
      { id: "first", command: held.command("first"), depends_on: ["g"] },
      { id: "second", command: ["sh", "-c", "echo second >> ran.txt"], depends_on: ["first"] },
      { ...deploy, depends_on: ["h"] },
    ];
    const gates = [
      { ...gate, ...extra },
      { id: "h", name: "Ship it", depends_on: ["g"] },
    ];
    at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "rig", steps, gates }));
    expect((await at.seqctl(["run", "step", "plan", "--yes"])).exit).toBe(0);
    expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
    expect((await at.seqctl(["run", "--yes", "--detach"])).exit).toBe(0);
    await held.hasBegun("first");
    return { at, held };
  }
  const left = (at: Workspace) =>
    until("the engine to leave", () => at.facts().at(-1)?.type === "engine.stopped");

  test("does not start once what was shown has changed, and does after another yes", async () => {
    const { at, held } = await begun();
    changeOneByte(at, `${at.attempt("plan")}/summary.md`);
    await held.release("first");
    await left(at);
    const why = "'second' waits for a person to approve 'g'.";
    expect((await at.status()).steps).toMatchObject([
      { id: "plan" },
      { id: "first", status: "DONE", stale: true },
      { id: "second", status: "BLOCKED", reason: "waiting_gate", why },
      { id: "deploy", status: "BLOCKED" },
    ]);
    expect(at.lines("ran.txt")).toEqual([]);
    // The other gate still waits.
    expect((await at.seqctl(["gate", "approve", "g", "--yes", "--follow"])).exit).toBe(3);
    expect(at.lines("ran.txt")).toEqual(["second"]);
  });

  test("does not start once a person has blocked the gate after all", async () => {
    const { at, held } = await begun();
    expect((await at.seqctl(["gate", "block", "g", "--yes"])).exit).toBe(0);
    await held.release("first");
    await left(at);
    expect((await at.status()).steps[2]).toMatchObject({ status: "BLOCKED", reason: "gate_blocked" });
    expect(at.lines("ran.txt")).toEqual([]);
  });

  test("starts though the approval is older than it may be, since work was started on it in time", async () => {
    const { at, held } = await begun({ expires_ms: 600_000 });
    const { ports } = await opened(at);
    const later = { ...ports, now: () => Date.now() + 3_600_000 };
    const gatesThen = async () =>
      value(await query(later, "gate.list", {})) as { gates: { status: string }[] };
    expect((await gatesThen()).gates[0]).toMatchObject({ status: "APPROVED" });
    await held.release("first");
    await left(at);
    expect(at.lines("ran.txt")).toEqual(["second"]);
  });
});
