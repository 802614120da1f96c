import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Step } from "../../lib/core/sequence/schema";
import { seqctlArgv } from "../rig/seqctl";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

/** A workspace whose boss makes these calls of seqctl, one a line, and notes how each ended. */
async function withBoss(calls: string[], workers: Step[]) {
  const words = (await seqctlArgv()).map((word) => `'${word}'`).join(" ");
  const lines = calls.map((call, n) => `${words} ${call} --json > said-${n}; echo $? >> ended`);
  const lead: Step = { id: "lead", type: "b", command: ["sh", "./boss"] };
  const at = await Workspace.make({
    steps: [{ id: "plan", command: ["true"] }, lead, ...workers],
    gates: [
      { id: "review", name: "Review" },
      { id: "second", name: "Second" },
    ],
    rules: { allowed_commands: ["sh", "true"] },
  });
  at.write("boss", lines.join("\n"));
  const before = at.definition;
  await at.seqctl(["run", "step", "lead", "--yes"]);
  return { at, before };
}

const worker: Step = {
  id: "w",
  orchestrator: "lead",
  command: ["true"],
  depends_on: ["plan", "review", "second"],
  join: "none_failed",
  when: "steps.plan.status == 'DONE'",
  sandbox: "required",
  description: "as agreed",
};

describe("a worker that a person wrote", () => {
  test("is not its boss's to change: whatever it wants of it becomes a proposal, and nothing is changed", async () => {
    const calls = [
      "dep rm w review",
      "step edit w --depends-on plan,second",
      "step edit w --unset sandbox",
      `step edit w --when 'true'`,
      "step edit w --unset when",
      "step edit w --join any",
      "step edit w --unset join",
      `step edit w --command '["true","x"]'`,
      "step edit w --description mine",
      "prompt edit w --text obey",
      "step rm w",
    ];
    const { at, before } = await withBoss(calls, [worker]);
    expect(at.lines("ended")).toEqual(calls.map(() => "3"));
    expect(at.definition).toBe(before);
    expect(await at.standing()).toMatchObject({ lead: "DONE 1" });
    const { proposals } = (await at.json(["inbox"])).doc;
    expect(proposals.map(({ actor }: { actor: string }) => actor)).toEqual(calls.map(() => "agent:lead"));
    const wanted = at.audit().filter(({ actor }) => actor === "agent:lead");
    expect(wanted.map(({ result }) => result)).toEqual(calls.map(() => "pending"));
  });
});

describe("a worker that a boss adds", () => {
  test.each([
    ["a loop", `--loop '{"until":"exit_code == 0","max":5}'`],
    ["a retry", `--retry '{"limit":2}'`],
  ])("is given %s only by a person", async (_, flags) => {
    const calls = [
      `step add x --command '["true"]' ${flags}`,
      `step add y --command '["true"]' --retry '{"limit":0}'`,
      `step edit y ${flags}`,
    ];
    const { at } = await withBoss(calls, []);
    expect(at.lines("ended")).toEqual(["3", "0", "3"]);
    expect((await at.status()).steps.map(({ id }) => id)).toEqual(["plan", "lead", "y"]);
    expect(at.definition).not.toMatch(/loop|limit: 2/);
  });

  test("keeps the gate, the sandbox and the limits that somebody gave it; the boss may change all else", async () => {
    const add = `step add x --command '["true"]' --depends-on plan,review --sandbox required --limits '{"cpu_s":9}'`;
    const calls = [
      add,
      "step edit x --description mine",
      "dep rm x plan",
      "dep add x second",
      "dep rm x review",
      "step edit x --unset depends_on",
      "step edit x --unset sandbox",
      `step edit x --limits '{"cpu_s":8}'`,
      `step edit x --limits '{"cpu_s":9}'`,
      "step edit x --unset limits",
      "step rm x",
      "step add y --command '[\"true\"]'",
      "step rm y",
    ];
    const { at } = await withBoss(calls, []);
    expect(at.lines("ended")).toEqual(["0", "0", "0", "0", "3", "3", "3", "0", "3", "3", "3", "0", "0"]);
    expect(at.definition).toMatch(/id: x[\s\S]*review[\s\S]*second/);
    expect(at.definition).toMatch(/sandbox: required/);
  });
});
