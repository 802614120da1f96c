import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { until } from "../rig/deadline";
import { Held } from "../rig/held";
import { asNobody, canBecomeNobody, giveToNobody } from "../rig/nobody";
import { isAlive, kill, processesWith } from "../rig/processes";
import { seqctlArgv } from "../rig/seqctl";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

/** Every way a process has of getting away from its parent, each announcing itself in a file. */
const brood = `
(trap '' TERM; echo ignoring >> up; while :; do sleep 600; done) &
nohup sh -c 'echo nohup >> up; exec sleep 600' >/dev/null 2>&1 &
setsid sh -c 'echo session >> up; exec sleep 600' &
setsid sh -c 'trap "" TERM HUP INT; echo stubborn >> up; while :; do sleep 600; done' &
(setsid sh -c '(echo twice >> up; exec sleep 600) & exit' &)
echo parent >> up
trap '' TERM
while :; do sleep 600; done
`;

const livingOf = (at: Workspace, step: string) =>
  processesWith("THREADOS_STEP_ID", step).filter((pid) => at.processes().includes(pid));

describe("stop", () => {
  test("ends the whole tree, and only then says FAILED/stopped", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "a", command: ["sh", "-c", brood] },
        { id: "b", command: ["true"], depends_on: ["a"] },
      ],
    });
    await at.seqctl(["run", "--yes", "--detach"]);
    await until("all six to be up", () => at.lines("up").length === 6);
    expect(livingOf(at, "a").length).toBeGreaterThanOrEqual(6);

    const stopping = at.json(["stop", "a"]);
    await until("the end to be recorded", () => {
      const isRecorded = at.facts().some((fact) => fact.type === "attempt.exited");
      if (isRecorded) expect(livingOf(at, "a")).toEqual([]);
      return isRecorded;
    });
    expect(await stopping).toMatchObject({ exit: 0, doc: { outcome: "stopped" } });
    expect(await at.standing()).toEqual({ a: "FAILED stopped 1", b: "BLOCKED dep_failed" });
    expect((await at.json(["why", "a"])).doc.why).toBe("'a' was stopped before it was done.");
    expect(at.facts().find((fact) => fact.type === "attempt.exited")).toMatchObject({ tree: "gone" });
    expect(JSON.parse(at.read(`${at.attempt("a")}/status.json`))).toMatchObject({
      status: "FAILED",
      reason: "stopped",
    });
  });

  test("lets a command that takes its leave in time do so", async () => {
    const polite = "trap 'echo tidied > tidied; exit 0' TERM; echo up > up; while :; do sleep 0.02; done";
    const at = await Workspace.make({
      steps: [{ id: "a", command: ["sh", "-c", polite] }],
      rules: { stop_grace_ms: 600_000 },
    });
    await at.seqctl(["run", "--yes", "--detach"]);
    await until("it to be up", () => at.lines("up").length === 1);
    expect((await at.seqctl(["stop", "a"])).exit).toBe(0);
    expect(at.lines("tidied")).toEqual(["tidied"]);
    expect(await at.standing()).toEqual({ a: "FAILED stopped 1" });
  });

  test("cancels what waits its turn or waits to be tried again, and `run` takes it up anew", async () => {
    const at = await Workspace.make({ policy: { max_concurrent: 1 } });
    const held = new Held(at);
    const steps = [
      ["a", JSON.stringify(held.command("a"))],
      ["b", '["true"]'],
    ] as const;
    for (const [id, command] of steps) await at.seqctl(["step", "add", id, "--command", command]);
    await at.seqctl(["run", "--yes", "--detach"]);
    await held.hasBegun("a");
    expect(await at.standing()).toMatchObject({ b: "QUEUED limit" });
    expect((await at.seqctl(["stop", "b"])).exit).toBe(0);
    expect(await at.standing()).toMatchObject({ b: "CANCELED stopped" });
    await held.release("a");
    await until("the engine to leave", () => at.enginePid() === undefined);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "DONE 1", b: "DONE 1" });

    const retry = '{"limit":5,"backoff_ms":3600000,"max_ms":3600000}';
    await at.seqctl(["step", "add", "c", "--command", '["false"]', "--retry", retry]);
    await at.seqctl(["run", "--yes", "--detach"]);
    await until("the retry to be armed", async () => (await at.standing()).c === "RETRYING retry 1");
    expect((await at.json(["why", "c"])).doc.why).toMatch(/retry 1 of 5\) at \d\d:\d\d:\d\d UTC/);
    expect((await at.json(["engine", "status"])).doc.running).toBe(true);
    expect((await at.seqctl(["stop", "c"])).exit).toBe(0);
    expect(await at.standing()).toMatchObject({ c: "CANCELED stopped 1" });
    await until("the engine to leave", () => at.enginePid() === undefined);
  });

  test.each([
    ["done", "DONE"],
    ["idle", "READY"],
    ["behind", "BLOCKED"],
  ])("refuses a step that is %s", async (id, status) => {
    const at = await Workspace.make({
      steps: [
        { id: "done", command: ["true"] },
        { id: "idle", command: ["true"] },
        { id: "behind", command: ["true"], depends_on: ["idle"] },
      ],
    });
    await at.seqctl(["run", "step", "done", "--yes"]);
    const { exit, doc } = await at.json(["stop", id]);
    expect({ exit, code: doc.code, status: doc.error.status }).toEqual({
      exit: 2,
      code: "step.not_running",
      status,
    });
    expect(await at.json(["stop", "nobody"])).toMatchObject({ exit: 2, doc: { code: "step.unknown" } });
  });
});

describe("a command that leaves something running behind it", () => {
  test("does not hold the run, and what it left is ended", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "a", command: ["sh", "-c", "sleep 600 & echo $! > child; exit 0"] },
        { id: "b", command: ["true"], depends_on: ["a"] },
      ],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(livingOf(at, "a")).toEqual([]);
    expect(at.facts().find((fact) => fact.type === "attempt.exited" && fact.step === "a")).toMatchObject({
      code: 0,
      leftovers: 1,
    });
  });

  test("is ended even if it ignores TERM and holds the output open", async () => {
    const at = await Workspace.make({
      steps: [
        {
          id: "a",
          command: [
            "sh",
            "-c",
            "(trap '' TERM; echo up > up; while :; do sleep 600; done) & while [ ! -e up ]; do sleep 0.02; done",
          ],
        },
      ],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(livingOf(at, "a")).toEqual([]);
  });
});

describe.skipIf(!canBecomeNobody)(
  "a process of another user, as `sudo` starts one (skipped where one is not root)",
  () => {
    test("is left alone: the step ends, its tree unproven, and the engine and other steps go on", async () => {
      const at = await Workspace.make();
      const held = new Held(at);
      const sudo = at.path("sudo");
      fs.copyFileSync(Bun.which("setpriv") as string, sudo);
      const asRoot = [sudo, "--reuid=0", "sh", "-c", "echo $$ > begun; exec sleep 600"];
      await at.seqctl(["step", "add", "a", "--command", JSON.stringify(asRoot)]);
      await at.seqctl(["step", "add", "b", "--command", JSON.stringify(held.command("b"))]);
      giveToNobody(at.home);
      Bun.spawnSync(["chown", "0:0", sudo]);
      fs.chmodSync(sudo, 0o4755);
      const words = [...asNobody, ...(await seqctlArgv())];
      const run = (args: string[]) => Bun.spawn([...words, ...args], { cwd: at.root, env: at.env }).exited;

      expect(await run(["run", "--yes", "--detach"])).toBe(0);
      const [pid] = await until("a and b to begin", () => {
        const begun = at.lines("begun").map(Number);
        return begun.length === 1 && begun;
      });
      await held.hasBegun("b");
      const engine = at.enginePid();
      expect(await run(["stop", "a"])).toBe(0);
      expect(await at.standing()).toEqual({ a: "FAILED stopped 1", b: "RUNNING running 1" });
      expect(at.facts().find(({ type }) => type === "attempt.exited")).toMatchObject({ tree: "unproven" });
      expect(at.enginePid()).toBe(engine);
      expect(isAlive(pid as number)).toBe(true);
      kill(pid as number);
      await held.release("b");
    });
  },
);

describe("engine stop", () => {
  test("lets what runs go on, and the next `run` takes it over as it is", async () => {
    const at = await Workspace.make();
    const held = new Held(at);
    await at.seqctl(["step", "add", "a", "--command", JSON.stringify(held.command("a"))]);
    await at.seqctl(["run", "--yes", "--detach"]);
    await held.hasBegun("a");
    const pid = at.enginePid() as number;
    expect(await at.json(["engine", "stop"])).toMatchObject({ exit: 0, doc: { stopped: true } });
    await until("its process to end", () => !isAlive(pid));
    expect(await at.standing()).toEqual({ a: "RUNNING engine.absent 1" });
    expect((await at.json(["why", "a"])).doc.why).toContain(
      "when the engine was last heard of; the engine is gone",
    );
    expect(await at.json(["engine", "stop"])).toMatchObject({ exit: 0, doc: { stopped: false } });
    const again = at.seqctl(["run", "--yes"]);
    await until("it to be adopted", () => at.facts().some((fact) => fact.type === "attempt.adopted"));
    await held.release("a");
    expect((await again).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "DONE 1" });
    expect(held.began()).toEqual(["a"]);
  });
});

test("an interrupted `run` leaves the steps running; they end without it", async () => {
  const at = await Workspace.make();
  const held = new Held(at);
  await at.seqctl(["step", "add", "a", "--command", JSON.stringify(held.command("a"))]);
  const child = await at.start(["run", "--yes"]);
  await held.hasBegun("a");
  child.kill("SIGINT");
  await child.exited;
  // Before it looks on the signal itself ends it; from then on it says that the work goes on.
  expect(["SIGINT", 130]).toContain((child.signalCode ?? child.exitCode) as string | number);
  await held.release("a");
  await until("the step to end", async () => (await at.standing()).a === "DONE 1");
});
