// A gate offers a stale result for approval: whoever decides is told so, wherever that is done.
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { person, refused } from "../rig/chat";
import { opened } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const why = "its definition changed since";

/** `join` is done and shown; its command was edited since. */
async function edited() {
  const at = await Workspace.make({
    steps: [
      { id: "join", command: ["sh", "-c", 'echo joined > "$THREADOS_OUTPUT_DIR/merged.txt"'] },
      { id: "ship", command: ["true"], depends_on: ["g"] },
    ],
    gates: [{ id: "g", name: "Look", depends_on: ["join"], shows: ["join"] }],
  });
  expect((await at.seqctl(["run", "step", "join", "--yes"])).exit).toBe(0);
  const fresh = (await at.json(["gate", "show", "g"])).doc;
  expect(fresh.shows[0]).not.toHaveProperty("stale");
  expect((await at.json(["inbox"])).doc.gates[0]).not.toHaveProperty("stale");
  await at.seqctl(["step", "edit", "join", "--command", '["true"]']);
  return at;
}

test("`gate show`, the inbox and their JSON tell which of what it shows is stale, and why", async () => {
  const at = await edited();
  expect((await at.json(["gate", "show", "g"])).doc.shows[0]).toMatchObject({ step: "join", stale: why });
  expect((await at.seqctl(["gate", "show", "g"])).out).toContain(`\n  stale: ${why}\n`);
  expect((await at.json(["inbox"])).doc.gates[0].stale).toEqual([{ step: "join", why }]);
  expect((await at.seqctl(["inbox"])).out).toContain(`'join' is stale: ${why}`);
});

test("the question at an approval tells it too, and the journal keeps what was told", async () => {
  const at = await edited();
  const threados = await opened(at);
  const asked = refused(await threados.dispatch({ action: "gate.approve", input: { id: "g" } }, person));
  expect(asked.code === "confirm.required" && asked.shows).toContain(`join: stale, ${why}`);
  expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
  const approved = at.facts().find((fact) => fact.type === "gate.approved");
  expect(approved?.type === "gate.approved" && approved.shown?.steps[0]?.stale).toBe(why);
});
