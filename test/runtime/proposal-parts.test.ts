import { afterEach, expect, test } from "bun:test";
import { chatOf, exchange, person, refused } from "../rig/chat";
import { value } from "../rig/sequence";
import { cleanUp, Workspace } from "../rig/workspace";

afterEach(cleanUp);

/** A proposal of two calls, and the question that follows on taking only the second of them. */
async function parted() {
  const at = await Workspace.make({ steps: [{ id: "build", command: ["true"] }] });
  const { chat, threados } = await chatOf(at);
  const said = await exchange(chat, 'add lint and audit after build with command "true"');
  const proposal = said.last("actions").proposal as string;
  const question = refused(await chat.apply({ proposal, actions: [1] }, person, {}));
  if (question.code !== "confirm.required") throw new Error(JSON.stringify(question));
  const kept = threados.ports.proposals.list();
  const part = kept.map(({ id }) => id).find((id) => id !== proposal) as string;
  return { at, chat, threados, proposal, part, confirm: question.confirm };
}

const decisions = (at: Workspace) =>
  at
    .audit()
    .filter(({ action }) => action.startsWith("proposal."))
    .map(({ action, target, payload }) => [action, target, (payload as { replaces?: string }).replaces]);

test("taking a part of a proposal is one entry, which settles the whole of it", async () => {
  const { at, chat, proposal, part, confirm } = await parted();
  value(await chat.apply({ proposal, actions: [1] }, person, { confirm }));
  expect(decisions(at)).toEqual([["proposal.approve", part, proposal]]);
  expect((await at.json(["inbox"])).doc.proposals).toEqual([]);
  expect(refused(await chat.apply({ proposal }, person, { yes: true }))).toMatchObject({
    code: "proposal.decided",
    decision: "replaced",
  });
});

test("a part that somebody began to take and did not is not in the inbox beside the whole of it", async () => {
  const { at, chat, proposal } = await parted();
  refused(await chat.apply({ proposal, run: true }, person, {}));
  expect((await at.json(["inbox"])).doc.proposals).toMatchObject([{ id: proposal }]);
});

test("a part that is approved by its id settles the whole, too", async () => {
  const { at, proposal, part } = await parted();
  expect((await at.seqctl(["approve", part, "--yes"])).exit).toBe(0);
  expect(decisions(at)).toEqual([["proposal.approve", part, proposal]]);
  expect((await at.json(["inbox"])).doc.proposals).toEqual([]);
});

test("a proposal that was turned down takes the parts that were made of it along", async () => {
  const { at, chat, proposal, part, confirm } = await parted();
  expect((await at.seqctl(["reject", proposal])).exit).toBe(0);
  const before = at.definition;
  const late = await at.json(["approve", part, "--yes"]);
  expect(late).toMatchObject({ exit: 5, doc: { code: "proposal.decided" } });
  const again = refused(await chat.apply({ proposal, actions: [1] }, person, { confirm }));
  expect(again).toMatchObject({ code: "proposal.decided", decision: "rejected" });
  expect(at.definition).toBe(before);
  expect((await at.json(["inbox"])).doc.proposals).toEqual([]);
});
