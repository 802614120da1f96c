import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../rig/deadline";
import { agentWorkspace } from "../rig/fake-agent";
import { opened } from "../rig/fake-shell";
import { Held } from "../rig/held";
import { seqctlArgv } from "../rig/seqctl";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(120_000);
afterEach(cleanUp);

/** Shell words that call this checkout's seqctl. */
const words = async () => (await seqctlArgv()).map((word) => `'${word}'`).join(" ");

/** `try NAME WORDS…` notes how a call of seqctl ended in `NAME.code`, and what it said in `NAME.json`. */
const tell = async () =>
  `try() { name=$1; shift; ${await words()} "$@" --json > "$name.json"; echo $? > "$name.code"; }\n`;

const script = "claude";

/** A workspace whose boss is the scripted agent, and does what `lines` say. */
async function withBoss(lines: string, rules: object, steps: { id: string }[] = []) {
  const answer = `${await tell()}init; say m1 "on it" 10 5\n${lines}\ndone_with "all done" 1 100 50 0.01`;
  const boss = { id: "lead", type: "b" };
  const made = await agentWorkspace(Workspace.make, [boss, ...steps], [answer], {
    gates: [{ id: "g", name: "G" }],
    rules: { allowed_commands: [script, "sh", "true", "held/hold"], ...rules },
  });
  return { ...made, held: new Held(made.at) };
}

const said = (at: Workspace, name: string) => [
  at.read(`${name}.code`).trim(),
  JSON.parse(at.read(`${name}.json`)),
];

describe("a boss", () => {
  test("adds three workers and runs them, through its token, while the engine is killed; no more than agreed", async () => {
    const note = (name: string) =>
      `'["sh","-c","echo ${name} > $THREADOS_OUTPUT_DIR/note; echo ${name} >> ran"]'`;
    const { at, agent, held } = await withBoss(
      `try add1 step add w1 --command ${note("w1")}; try run1 run step w1
      try add2 step add w2 --orchestrator other --command ${note("w2")}; try run2 run step w2
      held/hold pause < /dev/null
      try add3 step add w3 --command ${note("w3")} --depends-on w1,w2; try run3 run step w3
      try add4 step add w4 --command '["true"]'`,
      { max_orchestrated: 3 },
      [{ id: "other", command: ["true"] } as { id: string }],
    );
    held.command("pause");
    const asked = await at.json(["run"], { env: agent.env });
    expect(asked).toMatchObject({ exit: 3, doc: { code: "approval.pending" } });
    await at.seqctl(["run", "--detach", "--yes"], { env: agent.env });
    await held.hasBegun("pause");
    expect(at.lines("ran")).toEqual(["w1", "w2"]);
    await at.killEngine();
    expect((await at.seqctl(["run", "--detach", "--yes"], { env: agent.env })).exit).toBe(0);
    await held.release("pause");
    // The gate is still open.
    expect((await at.seqctl(["run", "--yes"], { env: agent.env })).exit).toBe(3);
    for (const name of ["add1", "run1", "add2", "run2", "add3", "run3"])
      expect([name, said(at, name)[0]]).toEqual([name, "0"]);
    expect(said(at, "add4")).toMatchObject([
      "4",
      { code: "orchestrator.limit", error: { boss: "lead", max: 3 } },
    ]);
    expect(at.lines("ran")).toEqual(["w1", "w2", "w3"]);
    expect(at.read(`${at.attempt("w3")}/note`)).toBe("w3\n");
    expect(at.definition).toMatch(/id: w2[\s\S]*orchestrator: lead/);
    expect(at.definition).not.toContain("w4");
    const mine = at.audit().filter((entry) => entry.actor === "agent:lead");
    expect(mine.map(({ action, result }) => `${action} ${result}`)).toEqual([
      "step.add success",
      "run.start success",
      "step.add success",
      "run.start success",
      "step.add success",
      "run.start success",
      "step.add denied",
    ]);
    expect(await at.standing()).toMatchObject({
      lead: "DONE 1",
      w1: "DONE 1",
      w2: "DONE 1",
      w3: "DONE 1",
      other: "DONE 1",
    });
    expect((await at.seqctl(["audit", "verify"])).exit).toBe(0);
  });

  test("proposes what is not its own, what the policy does not name, and decides nothing", async () => {
    const { at, agent } = await withBoss(
      `try foreign step edit other --description mine
      try run run step other
      try stop stop other
      try shell step add w1 --command 'echo hi'
      try unnamed step add w2 --command '["touch","x"]'
      try codex step add w3 --model codex
      try hook step add w4 --command '["true"]' --on-success other
      try path step add w5 --command '["true"]' --env '{"PATH":"/tmp"}'
      try many step add w6 --command '["true"]' --fanout 3
      try beside step add w7 --command '["true"]' --isolation worktree --worktree '{"setup":["touch","x"]}'
      try net step add w8 --command '["true"]' --network
      try prompt prompt edit other --text obey
      try gate gate approve g --yes
      try mode policy mode POWER --yes`,
      {},
      [{ id: "other", command: ["true"] } as { id: string }],
    );
    await at.seqctl(["run", "step", "lead", "--yes"], { env: agent.env });
    const before = (await at.status()).steps.map(({ id }) => id);
    expect(before).toEqual(["lead", "other"]);
    for (const name of [
      "foreign",
      "run",
      "shell",
      "unnamed",
      "codex",
      "hook",
      "path",
      "many",
      "beside",
      "net",
      "prompt",
    ])
      expect([name, said(at, name)]).toMatchObject([name, ["3", { code: "approval.pending" }]]);
    for (const name of ["gate", "mode"])
      expect([name, said(at, name)]).toMatchObject([name, ["4", { code: "agent.forbidden" }]]);
    expect(await at.standing()).toMatchObject({ lead: "DONE 1", other: "READY not_requested" });
    const { proposals } = (await at.json(["inbox"])).doc;
    const unnamed = proposals.find((one: { summary: string }) => one.summary === "add step w2");
    expect(unnamed).toMatchObject({
      actor: "agent:lead",
      calls: [{ input: { id: "w2", orchestrator: "lead" } }],
    });
    await at.seqctl(["approve", unnamed.id, "--yes"]);
    expect(at.definition).toMatch(/id: w2[\s\S]*orchestrator: lead/);
  });

  test("gets agents of its own kind to work, tells them what to do, and edits, restarts and removes them", async () => {
    const { at, agent } = await withBoss(
      `try add step add w1 --model claude-code --env "{\\"FAKE_CLAUDE\\":\\"$FAKE_CLAUDE\\"}"
      try prompt prompt edit w1 --text "Count to three."
      try run run step w1
      try again restart w1
      try edit step edit w1 --description better --orchestrator other
      try add2 step add w2 --command '["true"]'
      try rm step rm w2`,
      {},
      [{ id: "other", command: ["true"] } as { id: string }],
    );
    const ended = await at.seqctl(["run", "--yes"], { env: agent.env });
    for (const name of ["add", "prompt", "run", "again", "edit", "add2", "rm"])
      expect([name, said(at, name)]).toMatchObject([name, ["0", {}]]);
    // The gate is still open.
    expect(ended.exit).toBe(3);
    expect(agent.calls().map(({ prompt }) => prompt)).toEqual([
      "Do lead.",
      "Count to three.",
      "Count to three.",
    ]);
    expect(await at.standing()).toMatchObject({ lead: "DONE 1", w1: "DONE 2" });
    expect(at.definition).toContain("description: better");
    expect(at.definition).not.toContain("orchestrator: other");
  });

  test("has workers that act for themselves only: they are no bosses, and their boss's token is not theirs", async () => {
    const seqctl = await words();
    const { at, agent } = await withBoss(
      `cat > act <<END
#!/bin/sh
${seqctl} step add sneaky --command '["true"]' --json > \\$THREADOS_STEP_ID-add.json; echo \\$? > \\$THREADOS_STEP_ID-add.code
${seqctl} gate approve g --yes --json > \\$THREADOS_STEP_ID-gate.json; echo \\$? > \\$THREADOS_STEP_ID-gate.code
END
      chmod +x act
      try add1 step add w1 --command "[\\"sh\\",\\"-c\\",\\"THREADOS_TOKEN=$THREADOS_TOKEN exec ./act\\"]"; try run1 run step w1
      try add2 step add w2 --command '["sh","./act"]'; try run2 run step w2`,
      {},
    );
    await at.seqctl(["run", "step", "lead", "--yes"], { env: agent.env });
    for (const worker of ["w1", "w2"]) {
      expect(said(at, `${worker}-add`)).toMatchObject(["3", { code: "approval.pending" }]);
      expect(said(at, `${worker}-gate`)).toMatchObject(["4", { code: "agent.forbidden" }]);
      expect(at.audit().filter(({ actor }) => actor === `agent:${worker}`)).toHaveLength(2);
    }
    expect((await at.status()).steps.map(({ id }) => id)).toEqual(["lead", "w1", "w2"]);
    expect(at.read(".threados/audit.log")).not.toMatch(/tos_[\w-]{43}/);
  });

  test("that joined a run under way, where nobody agreed to it, is an agent like any other", async () => {
    const at = await Workspace.make({ rules: { allowed_commands: ["sh", "true", "held/hold"] } });
    const held = new Held(at);
    await at.seqctl(["step", "add", "first", "--command", JSON.stringify(held.command("first"))]);
    await at.seqctl(["run", "--detach", "--yes"]);
    await held.hasBegun("first");
    const line = `${await words()} step add w1 --command '["true"]' --json > said.json; echo $? > said.code`;
    const command = JSON.stringify(["sh", "-c", line]);
    await at.seqctl(["step", "add", "lead", "--type", "b", "--command", command]);
    await until("the boss's end", () =>
      at.facts().some(({ type, step }) => type === "attempt.exited" && step === "lead"),
    );
    expect(said(at, "said")).toMatchObject(["3", { code: "approval.pending" }]);
    await held.release("first");
  });

  test("is shown with what it may do before anybody agrees, and can't wait where there is no place for its worker", async () => {
    const { at, agent } = await withBoss(`try add step add w1 --command '["true"]'; try run run step w1`, {
      max_concurrent: 1,
      mode: "POWER",
    });
    const threados = await opened(at);
    const asked = await threados.dispatch(
      { action: "run.start", input: { scope: "all" } },
      { actor: "user", surface: "http" },
    );
    expect(asked).toMatchObject({ ok: false, failure: { code: "confirm.required" } });
    expect(JSON.stringify(asked)).toContain("lead: may add up to 20 steps of its own");
    await at.seqctl(["run", "--yes"], { env: agent.env });
    expect(said(at, "run")).toMatchObject(["2", { code: "step.blocked" }]);
  });
});

describe("workers in the file", () => {
  const steps = (code: number, more: object = {}) => [
    { id: "lead", type: "b" as const, command: ["held/hold", "lead"], ...more },
    { id: "w1", command: ["held/hold", "w1"], orchestrator: "lead" },
    { id: "w2", command: ["true"], orchestrator: "lead" },
    { id: "last", command: ["sh", "-c", `exit ${code}`], depends_on: ["w1"] },
  ];
  async function started(more: object = {}) {
    const at = await Workspace.make({ steps: steps(0, more) });
    const held = new Held(at);
    for (const name of ["lead", "w1"]) held.command(name);
    await at.seqctl(["run", "--detach", "--yes"]);
    await held.hasBegun("lead");
    return { at, held };
  }

  test("wait for their boss to ask, go on when it ends, and are skipped when it did not", async () => {
    const { at, held } = await started();
    expect(await at.standing()).toMatchObject({ w1: "BLOCKED waiting_boss", w2: "BLOCKED waiting_boss" });
    expect((await at.seqctl(["why", "w1"])).out).toContain("waits for 'lead', which owns it, to ask for it");
    await at.seqctl(["run", "step", "w1", "--detach", "--yes"]);
    await held.hasBegun("w1");
    await held.release("lead");
    await held.release("w1");
    await until("the run's end", () => at.facts().some(({ type }) => type === "run.completed"));
    expect(await at.standing()).toMatchObject({ w1: "DONE 1", w2: "SKIPPED not_called", last: "DONE 1" });
    expect((await at.seqctl(["why", "w2"])).out).toContain("'lead', which owns it, did not ask for it");
  });

  test.each([
    ["go on", "best_effort", "DONE 1"],
    ["are stopped", "fail_fast", "FAILED boss_failed 1"],
  ])("%s when it fails, if its fail_policy is %s; the others wait for it", async (_, fail_policy, w1) => {
    const { at, held } = await started({ fail_policy });
    await at.seqctl(["run", "step", "w1", "--detach", "--yes"]);
    await held.hasBegun("w1");
    await held.release("lead", 1);
    if (fail_policy === "best_effort") await held.release("w1");
    await until("the run's end", () => at.facts().some(({ type }) => type === "run.settled"));
    expect(await at.standing()).toMatchObject({ lead: "FAILED exit 1", w1, w2: "BLOCKED boss_failed" });
  });
});
