import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../../rig/deadline";
import { sayIn } from "../../rig/fake-shell";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const ids = (list: { id: string }[]) => list.map(({ id }) => id);
const cmd = (id: string, word: string, ...on: string[]) => ({
  id,
  command: ["sh", "-c", word],
  ...(on.length > 0 ? { depends_on: on } : {}),
});

describe("the inbox", () => {
  test("holds failed steps and gates, those that hold up most first, with the lines that settle them", async () => {
    const at = await Workspace.make({
      steps: [
        cmd("leaf", "exit 2"),
        cmd("root", "exit 3"),
        cmd("mid", "true", "root"),
        cmd("end", "true", "mid", "big"),
        cmd("fine", "true"),
        cmd("more", "true", "end"),
      ],
      gates: [
        { id: "small", name: "Small", depends_on: ["fine"] },
        { id: "big", name: "Big", depends_on: ["fine"] },
      ],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    const { doc } = await at.json(["inbox"]);
    expect(ids(doc.gates)).toEqual(["big", "small"]);
    expect(doc.gates).toMatchObject([
      { blocks: 2, next: ["seqctl gate approve big", "seqctl gate show big"] },
      { blocks: 0 },
    ]);
    expect(doc.failed).toMatchObject([
      {
        id: "root",
        status: "FAILED",
        reason: "exit",
        exit_code: 3,
        attempt: 1,
        blocks: 3,
        next: ["seqctl restart root", "seqctl why root"],
      },
      { id: "leaf", blocks: 0 },
    ]);
    const { out } = await sayIn(at, ["inbox"]);
    expect(out.split("\n").map((line) => line.replace(/ {2,}/g, "  "))).toEqual([
      '◇ gate  big  Big  seqctl gate approve big; seqctl gate reject big --reason "…"',
      '◇ gate  small  Small  seqctl gate approve small; seqctl gate reject small --reason "…"',
      "✗ step  root  failed: its command exited with 3; holds up 3  seqctl restart root; seqctl why root",
      "✗ step  leaf  failed: its command exited with 2  seqctl restart leaf; seqctl why leaf",
      "",
    ]);
  });

  test("leaves out what failed only with another step, and a run that was given up", async () => {
    const at = await Workspace.make({
      steps: [
        { ...cmd("bad", "exit 1"), group_id: "team", fail_policy: "fail_fast" },
        { ...cmd("long", "exec sleep 600"), group_id: "team", fail_policy: "fail_fast" },
        { ...cmd("many", "exit $THREADOS_FANOUT_INDEX"), fanout: 2 },
      ],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    const failed = ids((await at.json(["inbox"])).doc.failed);
    expect(failed).toContain("bad");
    expect(failed).not.toContain("long");
    expect(failed).not.toContain("many");
    expect(failed.filter((id) => id.startsWith("many-"))).not.toEqual([]);
    expect((await at.seqctl(["cancel", "--yes"])).exit).toBe(0);
    expect((await sayIn(at, ["inbox"])).out).toBe("nothing waits for you\n");
  });

  test("leaves out what a person stopped: it asks for nothing", async () => {
    const at = await Workspace.make({ steps: [cmd("long", "exec sleep 600"), cmd("bad", "exit 1")] });
    const following = at.seqctl(["run", "--yes"]);
    await until("one to run and one to have failed", async () => {
      const { long, bad } = await at.standing();
      return long?.startsWith("RUNNING") && bad?.startsWith("FAILED");
    });
    expect((await at.seqctl(["stop", "long"])).exit).toBe(0);
    expect((await following).exit).toBe(1);
    expect(await at.standing()).toMatchObject({ long: "FAILED stopped 1" });
    expect(ids((await at.json(["inbox"])).doc.failed)).toEqual(["bad"]);
  });

  test("and so it is called stopped wherever people read of it, and not failed", async () => {
    const at = await Workspace.make({ steps: [cmd("fine", "true"), cmd("long", "exec sleep 600")] });
    const following = at.seqctl(["run", "--yes"]);
    await until("both to stand as they will", async () => {
      const { long, fine } = await at.standing();
      return long?.startsWith("RUNNING") && fine === "DONE 1";
    });
    expect((await at.seqctl(["stop", "long"])).exit).toBe(0);
    const { exit, out } = await following;
    expect(exit).toBe(1);
    expect(out).toMatch(/\n■ long stopped [^\n]*\n/);
    expect(out).toEndWith("■ stopped  long\n");
    expect(out).not.toContain("failed");
    const { out: status } = await sayIn(at, ["status"]);
    expect(status).toMatch(/■ long +STOPPED .* was stopped before it was done\n/);
    expect(status).toContain("2 steps  1 DONE  1 STOPPED");
    expect((await sayIn(at, ["runs", "show"])).out).toMatch(/■ STOPPED .* long\n/);
    expect((await sayIn(at, ["step", "show", "long"])).out).toStartWith("■ STOPPED  'long' was stopped");
    // For programs it is what it was.
    expect((await at.status()).counts).toEqual({ DONE: 1, FAILED: 1, total: 2 });
  });

  test("says of a gate whose approval became void that it asks again, and why", async () => {
    const at = await Workspace.make({
      steps: [cmd("plan", "true"), cmd("ship", "exit 1", "g")],
      gates: [{ id: "g", name: "Go on?", depends_on: ["plan"], shows: ["plan"] }],
    });
    await at.seqctl(["run", "--yes"]);
    expect((await at.seqctl(["gate", "approve", "g", "--yes", "--follow"])).exit).toBe(1);
    await at.seqctl(["step", "edit", "plan", "--command", '["echo","other"]']);
    const { why } = (await at.status()).gates[0] as { why: string };
    const again = why.replace("'g' ", "").replace(/\.$/, "");
    expect(again).toStartWith("waits for a person to decide again, as the approval by user became void: ");
    expect((await sayIn(at, ["inbox"])).out).toContain(`Go on?; ${again}; 'plan' is stale`);
  });

  test("is empty again once the step has been restarted and ended well", async () => {
    const at = await Workspace.make({ steps: [cmd("flaky", "test -e there")] });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(ids((await at.json(["inbox"])).doc.failed)).toEqual(["flaky"]);
    at.write("there", "");
    expect((await at.seqctl(["restart", "flaky", "--yes"])).exit).toBe(0);
    expect((await at.json(["inbox"])).doc).toEqual({ gates: [], failed: [], proposals: [] });
  });
});

describe("proposals that are out of date", () => {
  test("stand on one line, with the lines that clear them away", async () => {
    const at = await Workspace.make({ steps: [cmd("a", "true"), cmd("b", "true")] });
    const left = async (...line: string[]) => (await at.json(line)).doc.error.proposal as string;
    const one = await left("run", "step", "a");
    const all = await left("run");
    const gone = await left("step", "rm", "b");
    const open = await left("step", "rm", "a");
    const { out: before } = await sayIn(at, ["inbox"]);
    expect(before).not.toContain("out of date");
    for (const id of [one, all, gone, open])
      expect(before).toContain(`  seqctl approve ${id}; seqctl reject ${id}\n`);
    expect((await at.seqctl(["run", "--only", "a", "--yes"])).exit).toBe(0);
    expect(
      (await at.seqctl(["change", "--calls", '[{"action":"step.rm","input":{"id":"b"}}]', "--yes"])).exit,
    ).toBe(0);
    const { out } = await sayIn(at, ["inbox"]);
    const lines = out.trimEnd().split("\n");
    expect(lines.at(-1)).toBe(
      `· 3 proposals are out of date (run step a, run the sequence, remove step b); clear them away: ${[one, all, gone].map((id) => `seqctl reject ${id}`).join("; ")}`,
    );
    expect(lines.filter((line) => line.startsWith("◆"))).toHaveLength(1);
    for (const id of [one, all, gone]) expect((await at.seqctl(["reject", id])).exit).toBe(0);
    expect((await sayIn(at, ["inbox"])).out).not.toContain("out of date");
  });
});
