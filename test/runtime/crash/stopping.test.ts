import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../../rig/deadline";
import { argvOf, processesWith } from "../../rig/processes";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const living = (at: Workspace) =>
  processesWith("THREADOS_STEP_ID", "a").filter((pid) => at.processes().includes(pid));
const shims = (at: Workspace) => at.processes().filter((pid) => argvOf(pid).includes("threados-shim"));

/** A step that is being stopped: its command leaves once it may, and what it started elsewhere never does by itself. */
async function stoppedHalfway(left: string) {
  const command = `${left}
trap 'echo asked >> up; while [ ! -e go ]; do sleep 0.02; done; exit 0' TERM
echo parent >> up
while :; do sleep 0.02; done`;
  const at = await Workspace.make({
    steps: [{ id: "a", command: ["sh", "-c", command] }],
    rules: { stop_grace_ms: 600_000 },
  });
  await at.seqctl(["run", "--yes", "--detach"]);
  await until("both to be up", () => at.lines("up").length === 2);
  const stopping = await at.start(["stop", "a"]);
  await until("the stop to reach the command", () => at.lines("up").includes("asked"));
  await at.killEngine();
  await stopping.exited;
  at.write("go", "");
  await until("the shim to end", () => shims(at).length === 0);
  return at;
}

const stubborn = (how: string) =>
  `${how} sh -c 'trap "" TERM HUP; echo left >> up; while :; do sleep 600; done' &`;

test.each([
  ["in a session of its own", stubborn("setsid")],
  ["in the command's group", stubborn("nohup")],
])("what left the command %s before the engine died is ended by the next one", async (_, left) => {
  const at = await stoppedHalfway(left);
  expect(living(at).length).toBeGreaterThan(0);
  await at.seqctl(["run", "--yes", "--detach"]);
  await until("the end to be recorded", () => {
    const isRecorded = at.facts().some((fact) => fact.type === "attempt.exited");
    if (isRecorded) expect(living(at)).toEqual([]);
    return isRecorded;
  });
  expect(at.facts().find((fact) => fact.type === "attempt.exited")).toMatchObject({ tree: "gone", code: 0 });
});

test("an attempt that is lost is never killed for it: what lives of it lives on", async () => {
  const at = await Workspace.make({
    steps: [{ id: "a", command: ["sh", "-c", "setsid sh -c 'echo left >> up; exec sleep 600' & wait"] }],
  });
  await at.seqctl(["run", "--yes", "--detach"]);
  await until("it to be up", () => at.lines("up").length === 1);
  await at.killEngine();
  for (const pid of shims(at)) process.kill(pid, "SIGKILL");
  await until("the shim to end", () => shims(at).length === 0);
  await at.seqctl(["engine", "status"]);
  await at.seqctl(["cancel", "--yes"]);
  await until("the loss to be recorded", () =>
    at.facts().some((fact) => /attempt\.(?:lost|exited)/.test(fact.type)),
  );
  expect(living(at).length).toBeGreaterThan(0);
});
