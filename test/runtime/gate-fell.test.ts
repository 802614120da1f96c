// An approval that fell is told at its gate until somebody decides anew, with what made it fall and what starts otherwise now.
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { person, refused } from "../rig/chat";
import { opened } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

/** `first` is done on an approval of `g`; `ship` and `last` wait for `word`, too. */
async function approved() {
  const at = await Workspace.make({
    steps: [
      { id: "plan", command: ["true"] },
      { id: "first", command: ["true"], depends_on: ["g"] },
      { id: "ship", command: ["true"], depends_on: ["first", "word"] },
      { id: "last", command: ["true"], depends_on: ["ship"] },
    ],
    gates: [
      { id: "g", name: "Go on?", depends_on: ["plan"], shows: ["plan"] },
      { id: "word", name: "Word" },
    ],
  });
  await at.seqctl(["run", "--yes"]);
  expect((await at.seqctl(["gate", "approve", "g", "--yes", "--follow"])).exit).toBe(3);
  return at;
}

const edit = (at: Workspace, step: string) => at.json(["step", "edit", step, "--command", '["echo","new"]']);
const gateOf = async (at: Workspace) => (await at.status()).gates.find(({ id }) => id === "g");
const staleOf = async (at: Workspace) =>
  (await at.status()).steps.flatMap(({ id, stale_why }) =>
    stale_why === undefined ? [] : [[id, stale_why]],
  );
const changed = ["`ship`, which starts on it, changed since the approval"];
const why = `the approval by user became void: ${changed[0]}`;

test("every look at the gate tells it, with the edit, and no longer than until somebody decides anew", async () => {
  const at = await approved();
  expect((await gateOf(at))?.fell).toBeUndefined();
  expect((await edit(at, "ship")).doc).toMatchObject({ voids: ["g"] });
  expect(await gateOf(at)).toMatchObject({ status: "PENDING", fell: { by: "user", changed } });
  for (const words of [["status"], ["why", "g"], ["gate", "show", "g"], ["inbox"]])
    expect((await at.seqctl(words)).out).toContain(`waits for a person to decide again, as ${why}`);
  const { doc } = await at.json(["gate", "show", "g"]);
  expect(doc.fell).toMatchObject({ by: "user", changed, edits: [{ node: "ship", by: "user" }] });
  expect(doc.decisions.at(-1)).toMatchObject({ decision: "voided", at: doc.fell.edits[0].at });
  const { out } = await at.seqctl(["gate", "show", "g"]);
  expect(out).toContain("! approved by user, ");
  expect(out).toMatch(/\n {2}ship: change command of step ship, by user, \d{4}-/);
  expect((await at.seqctl(["gate", "approve", "g", "--yes"])).exit).toBe(0);
  expect((await gateOf(at))?.fell).toBeUndefined();
  expect((await at.json(["gate", "show", "g"])).doc.fell).toBeUndefined();
});

test("what starts otherwise than was approved is marked: in `gate show`, the inbox and the question", async () => {
  const at = await approved();
  await edit(at, "ship");
  await at.seqctl(["step", "add", "more", "--command", '["true"]', "--depends-on", "g"]);
  await at.seqctl(["run", "--yes"]);
  const marks = [
    ["ship", "changed"],
    ["last", undefined],
    ["more", "new"],
  ];
  const marked = (starts: { step: string; news?: string }[]) => starts.map(({ step, news }) => [step, news]);
  expect(marked((await at.json(["gate", "show", "g"])).doc.starts)).toEqual(marks);
  expect(
    marked((await at.json(["inbox"])).doc.gates.find(({ id }: { id: string }) => id === "g").starts),
  ).toEqual(marks);
  const line = 'ship: ["echo","new"]; read only; behind word; changed since the approval that became void';
  expect((await at.seqctl(["gate", "show", "g"])).out).toContain(`\n  ${line}\n`);
  const threados = await opened(at);
  const asked = refused(await threados.dispatch({ action: "gate.approve", input: { id: "g" } }, person));
  if (asked.code !== "confirm.required") throw new Error(asked.code);
  expect(asked.shows).toContain(`starts then: ${line}`);
  expect(marked(asked.about?.starts ?? [])).toEqual(marks);
});

test("what it shows otherwise than was approved is marked, and an edit by hand has nobody's name", async () => {
  const at = await approved();
  at.write(".threados/sequence.yaml", at.definition.replace('- "true"', '- "false"'));
  const { doc } = await at.json(["gate", "show", "g"]);
  expect(doc.fell).toMatchObject({ changed: ["`plan`'s definition changed since the approval"], edits: [] });
  expect((await at.seqctl(["gate", "show", "g"])).out).toContain("\n  not what was approved\n");
});

test("a step that ran on it is stale until the same is approved again, or says why it still is", async () => {
  const at = await approved();
  await edit(at, "ship");
  expect(await staleOf(at)).toEqual([["first", "it was started on an approval of 'g' that became void"]]);
  await at.seqctl(["gate", "approve", "g", "--yes"]);
  expect(await staleOf(at)).toEqual([]);
  await edit(at, "first");
  expect(await staleOf(at)).toEqual([["first", "its definition changed since"]]);
  await edit(at, "plan");
  await at.seqctl(["gate", "approve", "g", "--yes"]);
  expect(await staleOf(at)).toEqual([
    ["plan", "its definition changed since"],
    ["first", "its definition changed since"],
  ]);
});
