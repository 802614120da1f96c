import { afterEach, expect, test } from "bun:test";
import { cleanUp, Workspace } from "../../rig/workspace";

afterEach(cleanUp);

const steps = [
  { id: "build", command: ["true"] },
  { id: "deploy", command: ["true"], depends_on: ["build"] },
];

test("without a terminal the proposal is shown and waits: exit 3, and `approve` takes it", async () => {
  const at = await Workspace.make({ steps });
  const said = await at.seqctl(["chat", "add", "lint", "after", "build"]);
  expect(said.exit).toBe(3);
  expect(said.out).toContain("· add step lint");
  expect(said.out).toContain("+  - id: lint");
  const id = /seqctl approve (\w+)/.exec(said.err)?.[1] ?? "";
  expect(at.definition).not.toContain("lint");
  expect((await at.seqctl(["approve", id, "--yes"])).exit).toBe(0);
  expect(at.definition).toContain("lint");
});

test("--yes applies it; with --json it is one document", async () => {
  const at = await Workspace.make({ steps });
  const { exit, doc } = await at.json(["chat", "--yes", "set the timeout of build to 5 minutes"]);
  expect(exit).toBe(0);
  expect(doc).toMatchObject({
    calls: [{ action: "step.edit" }],
    applied: expect.any(Number),
    error: null,
    verdict: { ask: 1 },
  });
  expect(at.definition).toContain("timeout_ms: 300000");
});

test("a question is answered: exit 0; what is not understood too, with what would be", async () => {
  const at = await Workspace.make({ steps });
  const why = await at.seqctl(["chat", "why is deploy blocked?"]);
  expect([why.exit, why.out]).toEqual([
    0,
    "deploy is BLOCKED: 'deploy' waits for 'build', which is not done yet.\n",
  ]);
  const none = await at.seqctl(["chat", "sing me a song"]);
  expect(none.exit).toBe(0);
  expect(none.out).toContain("I did not understand that");
});

test("a proposal that does not work is none: the reason is told", async () => {
  const at = await Workspace.make({ steps });
  const said = await at.seqctl(["chat", "make build depend on deploy"]);
  expect(said.out).toContain("That does not work: ");
  expect(said.out).toContain("build → deploy → build");
});

test("a command line is read as the command line reads it", async () => {
  const at = await Workspace.make({ steps });
  const { exit, doc } = await at.json([
    "chat",
    `seqctl step add lint --command '["npm","run","lint"]' --depends-on build`,
  ]);
  expect(exit).toBe(3);
  expect(doc.calls).toMatchObject([
    { action: "step.add", input: { id: "lint", command: ["npm", "run", "lint"], depends_on: ["build"] } },
  ]);
});

test("a conversation is gone on with by its id", async () => {
  const at = await Workspace.make({ steps });
  const { doc } = await at.json(["chat", "status"]);
  const next = await at.json(["chat", "help", "--conversation", doc.conversation]);
  expect(next.doc.conversation).toBe(doc.conversation);
  expect((await at.json(["chat", "help", "--conversation", "nowhere"])).exit).toBe(2);
});

test("--yes is not enough once text from elsewhere was read", async () => {
  const at = await Workspace.make({ steps });
  const { doc } = await at.json(["chat", "show build"]);
  const next = await at.json(["chat", "--yes", "add lint after build", "--conversation", doc.conversation]);
  expect([next.exit, next.doc.tainted, next.doc.applied]).toEqual([3, true, null]);
  expect(at.definition).not.toContain("lint");
});
