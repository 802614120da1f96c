import { afterAll, expect, test } from "bun:test";
import { chatOf, exchange, person } from "../rig/chat";
import { value } from "../rig/sequence";
import { cleanUp, Workspace } from "../rig/workspace";

afterAll(cleanUp);

/** A conversation with one proposal, and what is told of it. */
async function proposed(words: string) {
  const at = await Workspace.make({ steps: [{ id: "build", command: ["true"] }] });
  const { chat, threados } = await chatOf(at);
  const said = await exchange(chat, words);
  const told = async () => {
    const { records } = value(await chat.show(said.conversation));
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails if it is not there
    return records.find(({ type }) => type === "actions")?.data as any;
  };
  const change = async (input: object) =>
    value(await threados.dispatch({ action: "step.edit", input: { id: "build", ...input } }, person));
  return { chat, proposal: said.last("actions").proposal as string, told, change };
}

test("a proposal that was applied to a text that had changed is told with what was applied", async () => {
  const { chat, proposal, told, change } = await proposed("set the timeout of build to 5 minutes");
  await change({ timeout_ms: 60_000 });
  const { base, changes, unified } = value(await chat.preview({ proposal }));
  value(await chat.apply({ proposal, base }, person, { yes: true }));
  await change({ timeout_ms: 1000 });
  expect(await told()).toMatchObject({ decision: "replaced", applied: { actions: [0] } });
  const { applied } = await told();
  expect([applied.changes, applied.unified]).toEqual([JSON.parse(JSON.stringify(changes)), unified]);
  expect(applied.changes.nodes[0].fields).toEqual([{ field: "timeout_ms", before: 60_000, after: 300_000 }]);
});

test("of a proposal in part it is told which part was applied", async () => {
  const { chat, proposal, told } = await proposed("add lint after build\nrename build to Make");
  const { actions } = { actions: [1] };
  value(await chat.apply({ proposal, actions }, person, { yes: true }));
  const { applied } = await told();
  expect(applied.actions).toEqual(actions);
  expect(applied.unified).toContain("Make");
  expect(applied.unified).not.toContain("lint");
});

test("one that was applied as it was made is told as it was made, and one that waits or was rejected too", async () => {
  const { chat, proposal, told } = await proposed("rename build to Make");
  expect(await told()).toMatchObject({ decision: null });
  expect((await told()).applied).toBeUndefined();
  value(await chat.apply({ proposal }, person, { yes: true }));
  expect(await told()).toMatchObject({ decision: "approved" });
  expect((await told()).applied).toBeUndefined();
});
