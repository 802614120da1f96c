import { afterAll, expect, test } from "bun:test";
import { saidOn } from "../../lib/core/chat/said-on";
import { chatOf, exchange, scripted, text } from "../rig/chat";
import { cleanUp, Workspace } from "../rig/workspace";

afterAll(cleanUp);

test("what was said of an answer that began anew counts no more, for whoever reads it and for the model", async () => {
  const at = await Workspace.make({ steps: [{ id: "build", command: ["true"] }] });
  const again = { type: "again" } as const;
  const model = scripted([
    [text("Half of "), again, text("Half of it"), again, text("All of it.")],
    [text("Again?")],
  ]);
  const { chat } = await chatOf(at, model);
  const said = await exchange(chat, "well?");
  const words = said.records
    .filter(({ type }) => type === "message")
    .reduce((all, { data }) => saidOn(all, data), "");
  expect(words.match(/Half/g)).toBeNull();
  expect(words.match(/begins anew/g)).toHaveLength(1);
  expect(words).toEndWith("All of it.");
  await exchange(chat, "and?", said.conversation);
  expect(model.asked.at(-1)?.messages.at(-2)).toMatchObject({ role: "assistant", text: words });
});
