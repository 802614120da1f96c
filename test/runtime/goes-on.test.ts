// Whoever has a step run again is told what goes on by itself once it is done, wherever they are asked.
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { person, refused } from "../rig/chat";
import { opened } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const line = "goes on then: build, publish (behind gate review)";

/** `lint` has failed in a run of everything. */
async function failed() {
  const at = await Workspace.make({
    steps: [
      { id: "lint", command: ["false"] },
      { id: "build", command: ["true"], depends_on: ["lint"] },
      { id: "publish", command: ["true"], depends_on: ["review"] },
    ],
    gates: [{ id: "review", name: "Review", depends_on: ["build"], shows: ["build"] }],
  });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
  return at;
}

async function asked(at: Workspace, action: string, input: object) {
  const threados = await opened(at);
  const failure = refused(await threados.dispatch({ action, input } as never, person));
  if (failure.code !== "confirm.required") throw new Error(failure.code);
  return failure;
}

test.each<[string, object]>([
  ["step.restart", { id: "lint" }],
  ["step.rerun", { id: "lint" }],
  ["run.start", { scope: "step", id: "lint" }],
])("%s names beside the step that it starts what waits for that", async (action, input) => {
  const at = await failed();
  const { about, shows } = await asked(at, action, input);
  expect(about?.starts.map(({ step }) => step)).toEqual(["lint"]);
  expect(about?.follows).toMatchObject([
    { step: "build", command: ["true"], gates: [] },
    { step: "publish", command: ["true"], gates: ["review"] },
  ]);
  expect(shows).toContain(line);
});

test("a dry run tells it too, a proposal that waits, and the question at that", async () => {
  const at = await failed();
  expect((await at.seqctl(["restart", "lint", "--dry-run"])).out).toContain(`\n  ${line}\n`);
  const { doc } = await at.json(["restart", "lint", "--dry-run"]);
  expect(doc.follows.map(({ step }: { step: string }) => step)).toEqual(["build", "publish"]);
  const { error } = (await at.json(["restart", "lint"])).doc;
  expect((await at.seqctl(["inbox"])).out).toContain(line);
  expect((await asked(at, "proposal.approve", { id: error.proposal })).shows).toContain(line);
});

test("what waits for a person to try another step again is not named", async () => {
  const at = await failed();
  await at.seqctl(["step", "edit", "lint", "--command", '["true"]']);
  await at.seqctl(["step", "edit", "publish", "--command", '["false"]']);
  await at.seqctl(["step", "add", "last", "--command", '["true"]', "--depends-on", "publish"]);
  await at.seqctl(["run", "--yes"]);
  await at.seqctl(["gate", "approve", "review", "--yes", "--follow"]);
  expect((await asked(at, "step.rerun", { id: "build" })).shows.join("\n")).not.toContain("goes on then");
  expect((await asked(at, "step.restart", { id: "publish" })).shows).toContain("goes on then: last");
});

test("a gate whose approval falls by it stands before what goes on", async () => {
  const at = await Workspace.make({
    steps: [
      { id: "build", command: ["true"] },
      { id: "publish", command: ["true"], depends_on: ["review", "word"] },
    ],
    gates: [
      { id: "review", name: "Review", depends_on: ["build"], shows: ["build"] },
      { id: "word", name: "Word" },
    ],
  });
  await at.seqctl(["run", "--yes"]);
  await at.seqctl(["gate", "approve", "review", "--yes"]);
  const { shows } = await asked(at, "step.rerun", { id: "build" });
  expect(shows).toContain("goes on then: publish (behind gates review, word)");
  expect(shows).toContain("approvals that become void: review");
});

test("a yes is bound to it: where more would go on it has to be said anew", async () => {
  const at = await Workspace.make({
    steps: [
      { id: "lint", command: ["false"] },
      { id: "build", command: ["true"], depends_on: ["lint"] },
    ],
  });
  await at.seqctl(["run", "step", "lint", "--yes"]);
  const call = { action: "step.restart", input: { id: "lint" } };
  const { confirm, shows } = await asked(at, call.action, call.input);
  expect(shows.join("\n")).not.toContain("goes on then");
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
  const threados = await opened(at);
  expect(refused(await threados.dispatch(call, person, { confirm })).code).toBe("confirm.stale");
  expect((await asked(at, call.action, call.input)).shows).toContain("goes on then: build");
});
