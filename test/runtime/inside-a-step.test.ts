import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { seqctlArgv } from "../rig/seqctl";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

/** A workspace whose step `agent` runs seqctl and notes its exit code and words; behind it stands gate `g`. */
async function withAgent(line: string, prefix = ""): Promise<Workspace> {
  const seqctl = (await seqctlArgv()).map((word) => `'${word}'`).join(" ");
  const script = `${prefix} ${seqctl} ${line} --json > said.json; echo $? > code`;
  return Workspace.make({
    steps: [
      { id: "agent", command: ["sh", "-c", script] },
      { id: "other", command: ["true"] },
    ],
    gates: [{ id: "g", name: "G" }],
  });
}

const emptied = 'env -i "PATH=$PATH" "HOME=$HOME" "XDG_CACHE_HOME=$XDG_CACHE_HOME"';

describe("a step that calls seqctl", () => {
  test.each([
    ["gate approve g --yes", ""],
    ["gate approve g --yes", emptied],
    ["gate approve g", ""],
    ["policy mode POWER --yes", ""],
    ["policy mode POWER --yes", emptied],
    ["policy mode SAFE", ""],
    ["run step other --yes", ""],
    ["run step other --yes", emptied],
    ["step rm other --yes", ""],
    ["step add more --yes", emptied],
    ["undo --any --yes", ""],
  ])("is refused `%s` %s", async (line, prefix) => {
    const at = await withAgent(line, prefix);
    const before = at.definition;
    if (line.startsWith("undo")) await at.seqctl(["step", "add", "third"]);
    expect((await at.seqctl(["run", "step", "agent", "--yes"])).exit).toBe(0);
    expect(at.read("code").trim()).toBe("4");
    expect(JSON.parse(at.read("said.json"))).toMatchObject({ code: "agent.forbidden" });
    const entry = at.audit().findLast((each) => each.actor === "agent:agent");
    expect(entry).toMatchObject({ surface: "cli", result: "denied", error: { code: "agent.forbidden" } });
    expect((await at.status()).mode).toBe("SAFE");
    expect((await at.status()).gates).toMatchObject([{ status: "PENDING" }]);
    if (!line.startsWith("undo")) expect(at.definition).toBe(before);
  });

  test("is told that its call is kept for a person once it leaves out --yes", async () => {
    const at = await withAgent("step rm other --yes");
    await at.seqctl(["run", "step", "agent", "--yes"]);
    const { error } = JSON.parse(at.read("said.json"));
    expect(error.message).toBe("step 'agent' may not say yes to 'step.rm': that takes a person");
    expect(error.hint).toContain("leave out --yes: then it is kept as a proposal");
  });

  test("may read, and is not taken for a person", async () => {
    const at = await withAgent("status");
    await at.seqctl(["run", "step", "agent", "--yes"]);
    expect(at.read("code").trim()).toBe("0");
    expect(JSON.parse(at.read("said.json"))).toMatchObject({
      steps: [{ id: "agent", status: "RUNNING" }, { id: "other" }],
    });
  });

  test("leaves a proposal, which a person approves", async () => {
    const at = await withAgent(
      `step add more --command '["sh","-c","echo more > more"]'`
        .replaceAll("'", `'"'"'`)
        .replaceAll(`'"'"'`, "'"),
    );
    await at.seqctl(["run", "step", "agent", "--yes"]);
    expect(at.read("code").trim()).toBe("3");
    const said = JSON.parse(at.read("said.json"));
    expect(said.code).toBe("approval.pending");
    expect(said.error.hint).toBe(`a person applies it with \`seqctl approve ${said.error.proposal}\``);
    const [proposal] = (await at.json(["inbox"])).doc.proposals;
    expect(proposal).toMatchObject({
      id: said.error.proposal,
      actor: "agent:agent",
      summary: "add step more",
    });
    expect((await at.seqctl(["approve", proposal.id, "--yes"])).exit).toBe(0);
    expect((await at.status()).steps.map(({ id }) => id)).toContain("more");
  });

  test("can't approve what it proposed itself", async () => {
    const seqctl = (await seqctlArgv()).map((word) => `'${word}'`).join(" ");
    const at = await Workspace.make({
      steps: [
        {
          id: "agent",
          command: [
            "sh",
            "-c",
            `${seqctl} step add more; id=$(ls .threados/proposals | cut -d. -f1); ${seqctl} approve "$id" --yes; echo $? > code`,
          ],
        },
      ],
    });
    await at.seqctl(["run", "--yes"]);
    expect(at.read("code").trim()).toBe("4");
    expect((await at.status()).steps).toHaveLength(1);
  });
});
