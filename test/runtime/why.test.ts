import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../rig/deadline";
import { Held } from "../rig/held";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

/** Status, reason and sentence of a node, and that the terminal says that same sentence. */
async function why(at: Workspace, id: string): Promise<string> {
  const { doc } = await at.json(["why", id]);
  expect((await at.seqctl(["why", id])).out).toBe(`${doc.why}\n`);
  return [doc.status, doc.reason, doc.why].join(" | ");
}

test("each state before, in and behind a run has its reason and its sentence", async () => {
  const ws = await Workspace.make({ policy: { max_concurrent: 1 } });
  const held = new Held(ws);
  const steps = [
    { id: "held", command: held.command("held") },
    { id: "next", command: ["true"] },
    { id: "bad", command: ["false"] },
    { id: "behind", command: ["true"], depends_on: ["bad"] },
    { id: "two", command: ["true"], depends_on: ["held", "next"] },
    { id: "gated", command: ["true"], depends_on: ["g"] },
  ];
  ws.write(
    ".threados/sequence.yaml",
    JSON.stringify({
      version: 1,
      name: "n",
      policy: { max_concurrent: 1 },
      steps,
      gates: [{ id: "g", name: "G", depends_on: ["next"] }],
    }),
  );

  expect(await why(ws, "held")).toBe("READY | not_requested | 'held' is ready; nobody has asked for it yet.");
  expect(await why(ws, "two")).toBe(
    "BLOCKED | waiting_deps | 'two' waits for 'held' and 'next', which are not done yet.",
  );
  expect(await why(ws, "g")).toBe("PENDING | waiting_deps | 'g' waits for 'next', which is not done yet.");
  await ws.seqctl(["run", "--yes", "--detach"]);
  await held.hasBegun("held");
  expect(await why(ws, "held")).toBe("RUNNING | running | 'held' is running.");
  expect(await why(ws, "next")).toBe(
    "QUEUED | limit | 'next' waits for a free place: at most 1 step runs at once.",
  );
  await ws.killEngine();
  expect(await why(ws, "held")).toBe(
    "RUNNING | engine.absent | 'held' was running when the engine was last heard of; the engine is gone: `seqctl run` takes it up.",
  );
  expect(await why(ws, "next")).toBe(
    "QUEUED | engine.absent | 'next' is queued, but no engine is alive; `seqctl run` starts one.",
  );
  await ws.seqctl(["run", "--yes", "--detach"]);
  await held.release("held");
  await until("everything else to end", () => ws.facts().at(-1)?.type === "engine.stopped");
  expect(await why(ws, "held")).toBe("DONE |  | 'held' is done.");
  expect(await why(ws, "bad")).toBe("FAILED | exit | 'bad' failed: its command exited with 1.");
  expect(await why(ws, "behind")).toBe(
    "BLOCKED | dep_failed | 'behind' can't start because 'bad', which it needs, did not end well.",
  );
  expect(await why(ws, "g")).toBe("PENDING | waiting_human | 'g' waits for a person to decide.");
  expect(await why(ws, "gated")).toBe("BLOCKED | waiting_gate | 'gated' waits for a person to approve 'g'.");
  await ws.seqctl(["gate", "block", "g"]);
  expect(await why(ws, "g")).toBe("BLOCKED | blocked | 'g' was blocked by user.");
  expect(await why(ws, "gated")).toBe(
    "BLOCKED | gate_blocked | 'gated' is held back because a person blocked 'g'.",
  );
  await ws.seqctl(["gate", "approve", "g", "--yes"]);
  expect(await why(ws, "g")).toBe("APPROVED | approved | 'g' was approved by user.");

  await ws.seqctl(["step", "edit", "held", "--command", '["true"]']);
  expect((await ws.json(["why", "held"])).doc).toMatchObject({ stale_why: "its definition changed since" });
  expect((await ws.seqctl(["why", "held"])).out).toBe(
    "'held' is done.\nits result is stale: its definition changed since\n",
  );

  const unknown = await ws.json(["why", "heldd"]);
  expect(unknown).toMatchObject({ exit: 2, doc: { code: "step.unknown", error: { nearest: "held" } } });
});
