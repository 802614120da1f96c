import { expect, test } from "bun:test";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { TurnView } from "../../../components/chat/turn";
import { turnsOf } from "../../../components/chat/turns";
import type { ChatRecord } from "../../../components/chat/wire";

const told = (...records: [ChatRecord["type"], ChatRecord["data"]][]) => {
  const [turn] = turnsOf(records.map(([type, data], index) => ({ n: index + 1, ts: "", type, data })));
  if (!turn) throw new Error("no turn");
  const props = { turn, coming: false, newest: false, standing: undefined };
  return renderToStaticMarkup(createElement(TurnView, props));
};
const asked = ["asked", { text: "well?" }] as const;
const done = { provider: "x", model: "y", proposal: null };

test("an answer without a word says that it is one, and only then", () => {
  const empty = "No words came.";
  expect(told([...asked], ["message", { text: " \n" }], ["done", done])).toContain(empty);
  expect(told([...asked])).not.toContain(empty);
  expect(told([...asked], ["message", { text: "yes" }], ["done", done])).not.toContain(empty);
  expect(told([...asked], ["error", { message: "no line" }])).not.toContain(empty);
});

test("what was proposed on the way and refused is told with its reason", () => {
  const refused = [{ summary: "approve gate review", code: "x", message: "it is a person's" }];
  const shown = told([...asked], ["done", { ...done, refused }]);
  expect(shown).toContain("Refused: approve gate review (it is a person&#x27;s)");
  expect(shown).not.toContain("No words came.");
});
