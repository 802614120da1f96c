// Work that is done anew takes approvals with it; whoever asks for that is told which.
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { person, refused } from "../rig/chat";
import { opened } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const line = "approvals that become void: check";

async function approved() {
  const at = await Workspace.make({
    steps: [
      { id: "a", command: ["true"] },
      { id: "b", command: ["true"], depends_on: ["check"] },
      { id: "c", command: ["true"], depends_on: ["later"] },
      { id: "d", command: ["true"], depends_on: ["last"] },
    ],
    gates: [
      { id: "check", name: "Check", depends_on: ["a"], shows: ["a"] },
      { id: "later", name: "Later", depends_on: ["b"] },
      { id: "last", name: "Last", depends_on: ["b"] },
    ],
  });
  await at.seqctl(["run", "--yes"]);
  await at.seqctl(["gate", "approve", "check", "--yes"]);
  await at.seqctl(["run", "--yes"]);
  return at;
}

const about = async (at: Workspace, action: string, input: object) => {
  const threados = await opened(at);
  const asked = refused(await threados.dispatch({ action, input } as never, person));
  if (asked.code !== "confirm.required") throw new Error(asked.code);
  return asked;
};

test("the question at a re-run names the approvals that become void by it, and so does what was done", async () => {
  const at = await approved();
  const asked = await about(at, "step.rerun", { id: "a", downstream: true });
  expect(asked.summary).toStartWith("re-run step a with what depends on it");
  expect(asked.about?.beside).toContain(line);
  expect(asked.shows).toContain(line);
  const done = await at.json(["rerun", "a", "--downstream", "--yes", "--detach"]);
  expect(done.doc).toMatchObject({ voids: ["check"] });
});

test("a yes is bound to them: where one more would fall it has to be said anew", async () => {
  const at = await approved();
  const call = { action: "step.rerun", input: { id: "a", downstream: true } };
  const { confirm } = await about(at, call.action, call.input);
  await at.seqctl(["gate", "approve", "later", "--yes"]);
  await at.seqctl(["run", "--yes"]);
  const threados = await opened(at);
  expect(refused(await threados.dispatch(call, person, { confirm })).code).toBe("confirm.stale");
  const { shows } = await about(at, call.action, call.input);
  expect(shows).toContain("approvals that become void: check, later");
});

test("also where only a shown step is run again, and not where no approval is touched or a new run begins", async () => {
  const at = await approved();
  expect((await about(at, "step.rerun", { id: "a" })).about?.beside).toContain(line);
  expect((await about(at, "step.rerun", { id: "b" })).about?.beside).toEqual([]);
  expect((await about(at, "run.start", { scope: "all", new: true })).about?.beside).toEqual([]);
});
