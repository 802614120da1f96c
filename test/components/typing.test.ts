import { expect, test } from "bun:test";
import { type Told, typingLine } from "../../components/dock/typing";
import { ApiError } from "../../components/state/api";
import { until } from "../rig/deadline";

/** A line to a terminal that answers as it is told, with what it got and what was said of it. */
function line(answers: (boolean | Error)[]) {
  const sent: Told[] = [];
  const said: (string | null)[] = [];
  const typing = typingLine(
    async (body) => {
      sent.push(body);
      const answer = answers[sent.length - 1] ?? true;
      if (answer instanceof Error) throw answer;
      return { seated: answer };
    },
    (problem) => said.push(problem),
  );
  typing.sit("s");
  const type = (...keys: string[]) => {
    for (const input of keys) typing.tell({ input });
  };
  return { typing, type, sent, said, keys: () => sent.map(({ input }) => input) };
}

test("keys go one after the other, from the seat that was given last", async () => {
  const { typing, type, sent } = line([]);
  type("a", "b");
  await until("two keys", () => sent.length === 2);
  typing.sit("t");
  type("c");
  await until("the third", () => sent.length === 3);
  expect(sent).toEqual([
    { seat: "s", input: "a" },
    { seat: "s", input: "b" },
    { seat: "t", input: "c" },
  ]);
});

test("a key that does not arrive is told, and what was typed behind it is not sent", async () => {
  const refusal = { status: 503, code: "x", message: "the server is busy" };
  const { type, said, keys } = line([true, new ApiError(refusal)]);
  type("a", "b", "c", "d");
  await until("the trouble", () => said.includes("the server is busy"));
  type("e");
  await until("the next key", () => keys().includes("e"));
  expect(keys()).toEqual(["a", "b", "e"]);
  await until("the end of the trouble", () => said.at(-1) === null);
});

test("whoever is not seated any more is told so, and sends nothing until there is a seat again", async () => {
  const { typing, type, said, keys } = line([false]);
  type("a", "b");
  await until("the trouble", () => said.at(-1) === "nobody sits at this terminal any more");
  type("c");
  typing.tell({ cols: 80, rows: 24 });
  typing.sit("t");
  type("d");
  await until("the key of the new seat", () => keys().includes("d"));
  expect(keys()[0]).toBe("a");
  expect(keys()).not.toContain("b");
});

test("a key that is typed where nobody sits is told, and not sent", async () => {
  const { typing, type, said, keys } = line([]);
  typing.sit(undefined);
  type("a");
  await until("the trouble", () => said.at(-1) === "nobody sits at this terminal any more");
  typing.sit("t");
  type("b");
  await until("the key of the new seat", () => keys().includes("b"));
  expect(keys()).toEqual(["b"]);
});

test("a size that arrives behind keys that did not takes nothing back", async () => {
  const { typing, type, said, sent } = line([new ApiError({ status: 503, code: "x", message: "busy" })]);
  type("a");
  await until("the trouble", () => said.at(-1) === "busy");
  typing.tell({ cols: 80, rows: 24 });
  await until("the size", () => sent.length === 2);
  typing.sit("t");
  type("b");
  await until("the next key", () => sent.at(-1)?.input === "b");
  await until("the end of the trouble", () => said.at(-1) === null);
  expect(said).toEqual(["busy", null]);
});

test("a size that comes too late is no trouble", async () => {
  const { typing, sent, said } = line([false]);
  typing.tell({ cols: 80, rows: 24 });
  await until("it to be sent", () => sent.length === 1);
  typing.sit("t");
  typing.tell({ cols: 81, rows: 24 });
  await until("the next", () => sent.length === 2);
  expect(said.filter((problem) => problem !== null)).toEqual([]);
});
