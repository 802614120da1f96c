// What the chat says of a gate, and what its proposals about one show.
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { chatOf, exchange } from "../rig/chat";
import { until } from "../rig/deadline";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const make = () =>
  Workspace.make({
    steps: [
      { id: "a", command: ["true"] },
      { id: "c", command: ["true"], depends_on: ["g"] },
    ],
    gates: [{ id: "g", name: "Good?", depends_on: ["a"] }],
  });

test("a rejection shows its reason and where the work goes back to, in the chat as in the inbox", async () => {
  const at = await make();
  await at.seqctl(["run", "step", "a", "--yes"]);
  const { chat } = await chatOf(at);
  const said = await exchange(chat, "reject g because the docs are missing and send it back to a");
  const whole = "reject gate g and send the work back to a, because: the docs are missing";
  expect(said.last("actions").calls).toMatchObject([{ action: "gate.reject", summary: whole }]);
  const [waiting] = (await at.json(["inbox"])).doc.proposals;
  expect(waiting.summary).toBe(whole);
  expect(waiting.sentences[0]).toContain("because: the docs are missing");
});

test("the inbox says of a proposal of the chat what its card says: how often it is asked, and why", async () => {
  const at = await make();
  await at.seqctl(["run", "step", "a", "--yes"]);
  const { chat } = await chatOf(at);
  const { verdict } = (await exchange(chat, "reject g because the docs are missing")).last("diff");
  expect(verdict).toEqual({ mode: "SAFE", ask: 2, why: "it stops something" });
  const [waiting] = (await at.json(["inbox"])).doc.proposals;
  expect(waiting).toMatchObject({ verdict: { ask: 2, why: "it stops something" }, times: 2 });
});

test("an approval that is void counts for nothing in the chat either", async () => {
  const at = await make();
  await at.seqctl(["run", "--yes"]);
  await at.seqctl(["gate", "approve", "g", "--yes"]);
  await until("the run's completion", async () => !(await at.status()).open);
  await at.seqctl(["step", "edit", "a", "--cwd", ".", "--yes"]);
  await at.seqctl(["step", "add", "c2", "--depends-on", "g", "--command", "true", "--yes"]);
  const { gates, counts } = await at.status();
  expect(gates).toMatchObject([{ status: "PENDING" }]);
  const { chat } = await chatOf(at);
  const told = async (message: string) => (await exchange(chat, message)).words;
  const standing = await told("status");
  expect(standing).toContain("gate g waits for a person");
  expect(standing).not.toContain("READY");
  expect(standing).toContain(`${counts.BLOCKED} BLOCKED`);
  const approving = await told("approve g");
  expect(approving).toContain("waits for a person to decide again");
  expect(approving).not.toContain("was approved");
});

test("who decided at a gate is told with what they answered", async () => {
  const questions = [
    { id: "where", type: "choice" as const, ask: "Where to?", options: ["staging", "production"] },
  ];
  const at = await Workspace.make({
    steps: [{ id: "a", command: ["true"] }],
    gates: [{ id: "g", name: "Good?", depends_on: ["a"], questions }],
  });
  await at.seqctl(["run", "--yes"]);
  expect((await at.seqctl(["gate", "approve", "g", "--answer", "where=staging", "--yes"])).exit).toBe(0);
  const { chat } = await chatOf(at);
  const { words } = await exchange(chat, "who approved the gate and what did they answer");
  expect(words).toMatch(/APPROVED by \w+/);
  expect(words).toContain("where: staging");
});
