import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import type { Chat } from "../../lib/runtime/chat";
import type { DispatchOptions } from "../../lib/runtime/passage";
import { chatOf, exchange, person, proposing, refused, scripted } from "../rig/chat";
import { opened } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";
import { openServer } from "./http/harness";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const recorded = (at: Workspace) => at.audit().filter(({ surface }) => surface !== "engine");

/** A proposal of the chat that waits, and what each try to apply it adds to the record. */
async function proposed(input: Record<string, unknown> = { id: "c" }, action = "step.add") {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
  const { chat } = await chatOf(at, scripted([[proposing({ action, input })]]));
  const { proposal } = (await exchange(chat, "do it")).last("actions");
  const apply = async (
    wanted: Partial<Parameters<Chat["apply"]>[0]> = {},
    options: DispatchOptions = {},
    caller: Parameters<Chat["apply"]>[1] = person,
  ) => {
    const before = recorded(at).length;
    const done = await chat.apply({ proposal, ...wanted }, caller, options);
    const added = recorded(at)
      .slice(before)
      .map((entry) => `${entry.actor} ${entry.action} ${entry.result} ${entry.error?.code ?? ""}`.trim());
    return { done, added };
  };
  return { at, apply };
}

test("a yes to a chat's proposal leaves one entry, the question before it none, and a second yes one more", async () => {
  const { apply } = await proposed();
  const question = await apply();
  expect(refused(question.done)).toMatchObject({ code: "confirm.required" });
  expect(question.added).toEqual([]);
  const { confirm } = refused(question.done) as { confirm: string };
  expect((await apply({}, { confirm })).added).toEqual(["user proposal.approve success"]);
  expect((await apply({}, { confirm })).added).toEqual(["user proposal.approve error proposal.decided"]);
});

test("each refusal of a yes leaves one entry, wherever on its way it is refused", async () => {
  const { at, apply } = await proposed();
  expect((await apply({ proposal: "01JUNKNOWN" })).added).toEqual([
    "user proposal.approve error proposal.unknown",
  ]);
  expect((await apply({ actions: [7] })).added).toEqual(["user proposal.approve error input.invalid"]);
  const stale = await apply({}, { confirm: "0".repeat(64) });
  expect(refused(stale.done).code).toBe("confirm.stale");
  expect(stale.added).toEqual(["user proposal.approve error confirm.stale"]);
  const agent = await apply({}, { yes: true }, { actor: "agent:a", surface: "http" });
  expect(agent.added).toEqual(["agent:a proposal.approve denied agent.forbidden"]);
  // Its name is taken by now: nothing can come of it any more.
  await at.seqctl(["step", "add", "c", "--name", "Another"]);
  expect((await apply()).added).toEqual(["user proposal.approve error chat.moved"]);
  expect((await at.seqctl(["audit", "verify"])).exit).toBe(0);
});

test("what has to be looked at anew is a question: only its new proposal is recorded", async () => {
  const { at, apply } = await proposed();
  await at.seqctl(["step", "add", "d"]);
  const moved = await apply();
  expect(refused(moved.done)).toMatchObject({ code: "chat.moved", rebased: expect.any(String) });
  expect(moved.added).toEqual(["chat chat.propose pending"]);
});

test("over HTTP too", async () => {
  const { at } = await proposed();
  const server = await openServer({ workspace: await opened(at) });
  const before = recorded(at).length;
  const answer = await server.post("/api/chat/apply", { proposal: "01JUNKNOWN" });
  expect(answer.status).toBe(404);
  expect(recorded(at).slice(before)).toMatchObject([
    { action: "proposal.approve", surface: "http", result: "error", target: "01JUNKNOWN" },
  ]);
  await server.close();
});
