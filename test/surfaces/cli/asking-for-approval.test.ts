import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../../rig/deadline";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

/** An approval lets the run go on by itself. */
const complete = (at: Workspace) => until("the run's completion", async () => !(await at.status()).open);

const one = { steps: [{ id: "a", command: ["sh", "-c", "echo ran >> ran.txt"] }] };

describe("run in SAFE without a terminal", () => {
  test("exits 3 and leaves a proposal that --yes on approve carries out", async () => {
    const at = await Workspace.make(one);
    const asked = await at.json(["run"]);
    expect(asked).toMatchObject({ exit: 3, doc: { code: "approval.pending" } });
    expect(at.lines("ran.txt")).toEqual([]);
    expect(await at.status()).toMatchObject({ run: null });
    const id = asked.doc.error.proposal;
    const inbox = (await at.json(["inbox"])).doc;
    expect(inbox).toMatchObject({ gates: [], proposals: [{ id, actor: "user", surface: "cli" }] });
    expect((await at.seqctl(["inbox"])).out).toContain(`seqctl approve ${id}`);

    expect(await at.json(["approve", id])).toMatchObject({ exit: 3, doc: { code: "approval.pending" } });
    const approved = await at.json(["approve", id.slice(0, 20).toLowerCase(), "--yes"]);
    expect(approved).toMatchObject({ exit: 0, doc: { outcome: "done", counts: { DONE: 1, total: 1 } } });
    expect(at.lines("ran.txt")).toEqual(["ran"]);
    expect((await at.json(["inbox"])).doc.proposals).toEqual([]);
    expect(await at.json(["approve", id, "--yes"])).toMatchObject({
      exit: 5,
      doc: { code: "proposal.decided" },
    });
    expect(await at.json(["reject", id])).toMatchObject({ exit: 5, doc: { code: "proposal.decided" } });
  });

  test("shows what its start and its end call for as well, and holds that to the rules", async () => {
    const called = () => ({ command: ["sh", "-c", "echo called >> ran.txt"] });
    const steps = [
      { ...one.steps[0], id: "a", on_success: ["good"] },
      { ...called(), id: "good", finally: ["last"] },
      { ...called(), id: "last" },
      { id: "dog", watchdog_for: "a" },
      { id: "other", command: ["true"] },
    ];
    const at = await Workspace.make({ steps });
    const asked = await at.json(["run", "step", "a"]);
    expect(asked.doc.code).toBe("approval.pending");
    const [proposal] = (await at.json(["inbox"])).doc.proposals;
    expect(proposal.commands.map(({ step }: { step: string }) => step).sort()).toEqual([
      "a",
      "dog",
      "good",
      "last",
    ]);
    expect((await at.seqctl(["approve", proposal.id, "--yes"])).exit).toBe(0);
    await until("all of it to end", () => at.lines("ran.txt").length === 3);
    at.write(".threados/policy.yaml", "version: 1\nforbidden_patterns: ['echo called']\n");
    const denied = await at.json(["run", "--new", "--only", "a", "--yes"]);
    expect([denied.exit, denied.doc.code]).toEqual([4, "policy.denied"]);
  });

  test("a rejected proposal is never carried out", async () => {
    const at = await Workspace.make(one);
    const id = (await at.json(["run"])).doc.error.proposal;
    expect((await at.seqctl(["reject", id, "--reason", "not now"])).exit).toBe(0);
    expect((await at.json(["approve", id, "--yes"])).doc.code).toBe("proposal.decided");
    expect(at.lines("ran.txt")).toEqual([]);
    expect(at.audit().at(-1)).toMatchObject({ action: "proposal.approve", result: "error" });
  });

  test("an unknown proposal is refused", async () => {
    const at = await Workspace.make(one);
    expect(await at.json(["approve", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "--yes"])).toMatchObject({
      exit: 2,
      doc: { code: "proposal.unknown" },
    });
    expect(await at.json(["approve", "../../x", "--yes"])).toMatchObject({
      exit: 2,
      doc: { code: "proposal.unknown" },
    });
    expect(await at.seqctl(["inbox"])).toMatchObject({ exit: 0, out: "nothing waits for you\n" });
  });

  test("a proposal to remove a step removes it once it is approved", async () => {
    const at = await Workspace.make(one);
    const id = (await at.json(["step", "rm", "a"])).doc.error.proposal;
    expect((await at.seqctl(["approve", id, "--yes"])).exit).toBe(0);
    expect((await at.status()).steps).toEqual([]);
  });
});

describe("a gate", () => {
  const gated = {
    steps: [
      { id: "before", command: ["true"] },
      { id: "after", command: ["true"], depends_on: ["g"] },
    ],
    gates: [{ id: "g", name: "Look", depends_on: ["before"] }],
  };

  test("holds the run until a person approves it, once", async () => {
    const at = await Workspace.make(gated);
    expect(await at.json(["gate", "approve", "g", "--yes"])).toMatchObject({
      exit: 2,
      doc: { code: "gate.not_ready" },
    });
    const ran = await at.json(["run", "--yes"]);
    expect(ran).toMatchObject({
      exit: 3,
      doc: {
        outcome: "waiting",
        open: true,
        gates: [{ id: "g", status: "PENDING", reason: "waiting_human" }],
      },
    });
    expect(await at.standing()).toEqual({ before: "DONE 1", after: "BLOCKED waiting_gate" });

    expect(await at.json(["gate", "approve", "g"])).toMatchObject({
      exit: 3,
      doc: { code: "approval.pending" },
    });
    expect((await at.json(["inbox"])).doc).toMatchObject({ gates: [{ id: "g" }], proposals: [] });
    expect((await at.json(["gate", "approve", "g", "--yes"])).exit).toBe(0);
    expect(await at.json(["gate", "approve", "g", "--yes"])).toMatchObject({
      exit: 5,
      doc: { code: "gate.already" },
    });
    await complete(at);
    expect((await at.json(["gate", "list"])).doc.gates).toMatchObject([
      { status: "APPROVED", reason: "approved" },
    ]);
  });

  test("can be blocked and approved afterwards; a new run asks again", async () => {
    const at = await Workspace.make(gated);
    await at.seqctl(["run", "--yes"]);
    expect((await at.seqctl(["gate", "block", "g"])).exit).toBe(0);
    expect(await at.json(["gate", "block", "g"])).toMatchObject({ exit: 5, doc: { code: "gate.already" } });
    expect(await at.standing()).toMatchObject({ after: "BLOCKED gate_blocked" });
    const held = await at.seqctl(["run", "--yes"]);
    expect(held).toMatchObject({ exit: 3 });
    expect(held.out).toContain("g: Look (blocked)");
    expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
    await complete(at);
    expect(await at.json(["run", "--yes"])).toMatchObject({
      exit: 3,
      doc: { gates: [{ status: "PENDING" }] },
    });
  });

  test("that does not exist is refused with the nearest name", async () => {
    const at = await Workspace.make({ ...gated, gates: [{ id: "review", name: "R" }], steps: [{ id: "a" }] });
    for (const verb of ["approve", "block"]) {
      const { exit, doc } = await at.json(["gate", verb, "reviw", "--yes"]);
      expect({ exit, code: doc.code, hint: doc.error.hint }).toEqual({
        exit: 2,
        code: "gate.unknown",
        hint: "did you mean 'review'?",
      });
    }
    expect((await at.json(["gate", "approve", "a", "--yes"])).doc.code).toBe("gate.unknown");
  });
});

describe("policy", () => {
  test("POWER starts words without a question, but asks about shells and about removals", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
    expect(await at.json(["policy", "mode", "POWER"])).toMatchObject({
      exit: 3,
      doc: { code: "approval.pending" },
    });
    expect((await at.json(["policy", "show"])).doc).toMatchObject({ mode: "SAFE" });
    expect((await at.seqctl(["policy", "mode", "POWER", "--yes"])).exit).toBe(0);
    expect((await at.json(["policy", "show"])).doc).toMatchObject({ mode: "POWER", allowed_commands: null });
    expect((await at.status()).mode).toBe("POWER");
    expect((await at.seqctl(["run"])).exit).toBe(0);
    expect((await at.seqctl(["step", "rm", "a"])).exit).toBe(3);
    for (const shell of ["echo line", '["sh","-c","true"]', '["env","sh","-c","true"]']) {
      expect((await at.seqctl(["step", "edit", "a", "--command", shell])).exit).toBe(0);
      expect((await at.seqctl(["run", "--new"])).exit).toBe(3);
    }
    expect((await at.seqctl(["policy", "mode", "SAFE"])).exit).toBe(0);
    expect((await at.seqctl(["run", "--new"])).exit).toBe(3);
  });

  test("policy mode keeps the comments of policy.yaml", async () => {
    const at = Workspace.empty();
    await at.seqctl(["init"]);
    const before = at.read(".threados/policy.yaml");
    await at.seqctl(["policy", "mode", "POWER", "--yes"]);
    expect(at.read(".threados/policy.yaml")).toBe(before.replace("mode: SAFE", "mode: POWER"));
    await at.seqctl(["policy", "mode", "SAFE"]);
    expect(at.read(".threados/policy.yaml")).toBe(before);
  });

  test("a command outside allowed_commands is denied with exit 4, whoever says yes, and that is recorded", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "ok", command: ["true"] },
        { id: "no", command: ["sh", "-c", "true"] },
        { id: "line", command: "true" },
      ],
      rules: { allowed_commands: ["true"], mode: "POWER" },
    });
    expect((await at.seqctl(["run", "step", "ok"])).exit).toBe(0);
    for (const id of ["no", "line"]) {
      const { exit, doc } = await at.json(["run", "step", id, "--yes"]);
      expect({ exit, code: doc.code, rule: doc.error.rule }).toEqual({
        exit: 4,
        code: "policy.denied",
        rule: "policy.yaml:allowed_commands",
      });
    }
    expect((await at.json(["run", "--yes"])).exit).toBe(4);
    expect(at.audit().at(-1)).toMatchObject({
      action: "run.start",
      result: "denied",
      error: { code: "policy.denied" },
    });
    expect(await at.standing()).toEqual({
      ok: "DONE 1",
      no: "READY not_requested",
      line: "READY not_requested",
    });
  });

  test.each([["mode: MAYBE\n"], ["max_concurent: 2\n"], ["mode: [\n"], ["\u0000"]])(
    "a broken policy.yaml (%j) stops everything that would run",
    async (text) => {
      const at = await Workspace.make(one);
      at.write(".threados/policy.yaml", text);
      const { exit, doc } = await at.json(["run", "--yes"]);
      expect(exit).toBe(2);
      expect(doc.error.message).not.toBe("");
      expect(at.lines("ran.txt")).toEqual([]);
    },
  );

  test("without policy.yaml the safe defaults hold", async () => {
    const at = Workspace.empty();
    await at.seqctl(["init"]);
    const { rmSync } = await import("node:fs");
    rmSync(at.path(".threados/policy.yaml"));
    expect((await at.json(["policy", "show"])).doc).toMatchObject({ mode: "SAFE", max_concurrent: 8 });
    expect((await at.seqctl(["policy", "mode", "POWER", "--yes"])).exit).toBe(0);
    expect(at.read(".threados/policy.yaml")).toContain("mode: POWER");
  });

  test("a sequence may narrow the rules, and is warned where it asks for more", async () => {
    const at = await Workspace.make({
      ...one,
      policy: { mode: "POWER", max_concurrent: 50 },
      rules: { max_concurrent: 2 },
    });
    const { mode, max_concurrent, warnings } = (await at.json(["policy", "show"])).doc;
    expect({ mode, max_concurrent }).toEqual({ mode: "SAFE", max_concurrent: 2 });
    expect(warnings).toHaveLength(2);
    expect((await at.seqctl(["status"])).out).toContain("SAFE holds");
  });
});
