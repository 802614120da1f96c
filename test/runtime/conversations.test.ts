import { afterEach, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { chatFiles } from "../../lib/io/chat/chat-files";
import type { ChatRecord, ModelEvent } from "../../lib/runtime/chat-ports";
import { chatOf, exchange, person, refused, scripted, text } from "../rig/chat";
import { value } from "../rig/sequence";
import { cleanUp, Workspace } from "../rig/workspace";

afterEach(cleanUp);

const make = () => Workspace.make({ steps: [{ id: "build", command: ["true"] }] });

/** A model that says each word when it is asked for, until the test lets it end. */
function slow() {
  const { promise: gate, resolve: release } = Promise.withResolvers<void>();
  const model = scripted([
    async function* (_, signal): AsyncGenerator<ModelEvent> {
      yield text("one ");
      yield text("two ");
      await Promise.race([
        gate,
        new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve())),
      ]);
      if (!signal.aborted) yield text("three");
    },
  ]);
  return { model, release };
}

async function collect(
  records: AsyncIterable<ChatRecord>,
  until: (record: ChatRecord) => boolean = () => false,
) {
  const found: ChatRecord[] = [];
  for await (const record of records) {
    found.push(record);
    if (until(record)) break;
  }
  return found;
}

test("an answer goes on when its listener has gone, and is read on from any event without a gap", async () => {
  const at = await make();
  const { model, release } = slow();
  const { chat } = await chatOf(at, model);
  const { conversation, after } = value(await chat.say({ message: "count" }, person));
  const [first] = await collect(chat.listen(conversation, after), () => true);
  expect(first).toMatchObject({ type: "message", data: { text: "one " } });
  expect(chat.list()).toMatchObject([{ id: conversation, answering: true, title: "count", asked: 1 }]);
  const rest = collect(chat.listen(conversation, first?.n ?? 0));
  release();
  const records = await rest;
  expect(records.map(({ data, type }) => data.text ?? type)).toEqual(["two ", "three", "done"]);
  expect(records.map(({ n }) => n)).toEqual(records.map((_, index) => (first?.n ?? 0) + 1 + index));
  expect((await collect(chat.listen(conversation, 0))).map(({ type }) => type)).toEqual([
    "opened",
    "asked",
    "message",
    "message",
    "message",
    "done",
  ]);
});

test("while one question is being answered another is refused, and canceling ends it", async () => {
  const at = await make();
  const { chat } = await chatOf(at, slow().model);
  const { conversation, after } = value(await chat.say({ message: "count" }, person));
  expect(refused(await chat.say({ message: "and?", conversation }, person)).code).toBe("chat.busy");
  expect(refused(chat.remove(conversation)).code).toBe("chat.busy");
  await collect(chat.listen(conversation, after), ({ data }) => data.text === "two ");
  expect(chat.cancel(conversation)).toBe(true);
  const end = (await collect(chat.listen(conversation, after))).at(-1);
  expect(end).toMatchObject({
    type: "error",
    data: { code: "chat.failed", message: "the answer was canceled" },
  });
  expect(chat.cancel(conversation)).toBe(false);
  value(await chat.say({ message: "again", conversation }, person));
});

test("what is said, renamed or removed while the model is looked for is not written over", async () => {
  const at = await make();
  const model = scripted([[text("yes")]]);
  const other = (await chatOf(at, model)).chat;
  const { conversation } = await exchange(other, "first");
  let meanwhile = async () => {};
  const { chat } = await chatOf(at, model, {
    model: async () => {
      await meanwhile();
      return { ok: true, value: model };
    },
  });
  meanwhile = async () => {
    await exchange(other, "second", conversation);
    value(other.rename(conversation, "a title"));
  };
  const { records } = await exchange(chat, "third", conversation);
  expect(records.at(-1)?.type).toBe("done");
  const kept = value(await other.show(conversation)).records;
  expect(kept.flatMap(({ type, data }) => (type === "asked" ? [data.text] : []))).toEqual([
    "first",
    "second",
    "third",
  ]);
  expect(kept.at(-1)?.type).toBe("done");
  expect(model.asked.at(-1)?.messages.length).toBe(5);
  meanwhile = async () => void value(other.remove(conversation));
  expect(refused(await chat.say({ message: "fourth", conversation }, person)).code).toBe("chat.unknown");
  expect(other.list()).toEqual([]);
});

test("an answer that died with its process is told so once, and the conversation goes on", async () => {
  const at = await make();
  const store = chatFiles(join(at.root, ".threados"));
  const id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  const record = (n: number, type: ChatRecord["type"], data: ChatRecord["data"]): ChatRecord => ({
    n,
    ts: "2026-01-01T00:00:00.000Z",
    type,
    data,
  });
  store.append(
    id,
    [
      record(1, "opened", { title: "hello" }),
      record(2, "asked", { text: "hello" }),
      record(3, "message", { text: "Hal" }),
    ],
    true,
  );
  fs.appendFileSync(at.path(`.threados/chat/${id}.jsonl`), '{"n":4,"type":"mess');
  const { chat } = await chatOf(at);
  expect((await collect(chat.listen(id, 3))).map(({ n, type, data }) => [n, type, data.code])).toEqual([
    [4, "error", "chat.failed"],
  ]);
  expect(await collect(chat.listen(id, 4))).toEqual([]);
  expect(at.lines(`.threados/chat/${id}.jsonl`).length).toBe(4);
  const next = await exchange(chat, "status", id);
  expect(next.kinds).toEqual(["message", "done"]);
  expect(value(await chat.show(id)).records.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test("conversations are listed, renamed and removed; a foreign id is none", async () => {
  const at = await make();
  const { chat } = await chatOf(at);
  const first = await exchange(chat, "status\nof it all");
  const second = await exchange(chat, "help");
  expect(chat.list().map(({ id, title }) => [id, title])).toEqual([
    [second.conversation, "help"],
    [first.conversation, "status"],
  ]);
  value(chat.rename(first.conversation, "How it stands"));
  expect(chat.list()[1]).toMatchObject({ title: "How it stands", asked: 1 });
  expect(refused(chat.rename(first.conversation, "")).code).toBe("input.invalid");
  value(chat.remove(second.conversation));
  expect(chat.list().map(({ id }) => id)).toEqual([first.conversation]);
  for (const id of ["../../audit.log", "", "01ARZ3NDEKTSV4RRFFQ69G5FAV", second.conversation, 7]) {
    expect(refused(await chat.show(id as string)).code).toBe("chat.unknown");
    expect(refused(await chat.say({ message: "hello", conversation: id }, person)).code).toBe("chat.unknown");
  }
  for (const message of ["", "  ", 7, undefined, "x".repeat(20_001)])
    expect(refused(await chat.say({ message }, person)).code).toBe("input.invalid");
});

test("what was said before is told to the model, and what cannot be fit is left out from the front", async () => {
  const at = await make();
  const model = scripted([[text("Fine.")]]);
  const { chat } = await chatOf(at, model);
  const { conversation } = await exchange(chat, "first");
  await exchange(chat, "second", conversation);
  expect(model.asked[1]?.messages).toEqual([
    { role: "user", text: "first" },
    { role: "assistant", text: "Fine.", uses: [] },
    { role: "user", text: "second" },
  ]);
  for (let count = 0; count < 5; count++) await exchange(chat, "x".repeat(19_000), conversation);
  expect(model.asked.at(-1)?.messages.length).toBeLessThan(8);
  expect(model.asked.at(-1)?.messages[0]?.role).toBe("user");
});

test("secrets are neither written down nor sent, however they are cut into pieces", async () => {
  const at = await make();
  process.env.CHAT_TEST_TOKEN = "open-sesame-of-the-test";
  try {
    const pieces = [
      "The token is open-ses",
      "ame-of-",
      "the-test, and sk-",
      "abcdefghijklmnopqrstuvwx",
      " is a key. password = ",
      "hunter2 ends.",
    ];
    const model = scripted([pieces.map(text)]);
    const { chat } = await chatOf(at, model);
    const said = await exchange(chat, "my key is open-sesame-of-the-test");
    const file = at.read(`.threados/chat/${said.conversation}.jsonl`);
    for (const secret of ["sesame", "abcdefghijkl", "hunter2"]) {
      expect(file).not.toContain(secret);
      expect(said.words).not.toContain(secret);
      expect(JSON.stringify(model.asked)).not.toContain(secret);
    }
    expect(said.words).toContain("The token is •••, and ••• is a key. password = ••• ends.");
  } finally {
    delete process.env.CHAT_TEST_TOKEN;
  }
});

test("a diff is shown as it is, but for the secrets in it", async () => {
  const at = await make();
  const secret = "hunter2-correct";
  const lines = `    # The key: a comment\n    env:\n      SIGNING_KEY: ${secret}\n    command`;
  at.write(".threados/sequence.yaml", at.definition.replace("    command", lines));
  const { chat } = await chatOf(at);
  const said = await exchange(chat, 'set env PLAIN="yes" for build');
  expect(said.last("diff").unified).toContain("     # The key: a comment\n");
  expect(said.last("diff").unified).toMatch(/^ +SIGNING_KEY: •••$/m);
  expect(said.last("diff").unified).toMatch(/^\+ +PLAIN: "?yes"?$/m);
  expect(JSON.stringify(said.records)).not.toContain(secret);
  const preview = await chat.preview({ proposal: String(said.last("actions").proposal) });
  expect(preview.ok && preview.value.changes.nodes[0]?.fields).toEqual([
    { field: "env", before: { SIGNING_KEY: "•••" }, after: { SIGNING_KEY: "•••", PLAIN: "yes" } },
  ]);
  expect(JSON.stringify(preview)).not.toContain(secret);
});

test("the sequence is shown without the secrets in it, however they are written", async () => {
  const at = await make();
  const lines =
    "    env:\n      DB_PASS: first-of-it\n        second-of-it\n      COOKIE: 'it''s-it'\n    command";
  at.write(".threados/sequence.yaml", at.definition.replace("    command", lines));
  const { chat } = await chatOf(at);
  const said = await exchange(chat, "show the sequence");
  expect(said.words).toContain("      DB_PASS: •••\n      COOKIE: •••\n");
  expect(JSON.stringify(said.records)).not.toMatch(/of-it|s-it/);
});

test("a secret that is typed is not written down, and what is shown of it is no value", async () => {
  const at = await make();
  const before = at.definition;
  const { chat } = await chatOf(at);
  const said = await exchange(chat, 'set env API_TOKEN="sk-abcdefghijklmnopqrstuvwx" for build');
  expect(said.words).toContain("'•••' only stands for a secret that is not shown");
  expect(said.words).toContain("as secret:NAME");
  expect(at.definition).toBe(before);
});

test("the file is the owner's alone", async () => {
  const at = await make();
  const { chat } = await chatOf(at);
  const { conversation } = await exchange(chat, "status");
  expect(fs.statSync(at.path(`.threados/chat/${conversation}.jsonl`)).mode & 0o777).toBe(0o600);
  expect(fs.statSync(at.path(".threados/chat")).mode & 0o777).toBe(0o700);
});

test("a model that breaks is an error of the conversation, not of the program", async () => {
  const at = await make();
  const model = scripted([
    // biome-ignore lint/correctness/useYield: it breaks before it says anything
    async function* () {
      throw new Error("it broke");
    },
  ]);
  const { chat } = await chatOf(at, model);
  const said = await exchange(chat, "hello");
  expect(said.last("error")).toMatchObject({
    code: "internal",
    message: expect.stringContaining("it broke"),
  });
  expect(said.last("error").tainted).toBe(true);
  expect((await exchange(chat, "hello", said.conversation)).kinds).toEqual(["error"]);
});

test("offline reads what it is asked for and says it, text from elsewhere in a block", async () => {
  const at = await make();
  const { chat } = await chatOf(at);
  const said = await exchange(chat, "show build");
  expect(said.words).toContain("```yaml\nid: build\n");
  expect(said.last("done")).toMatchObject({ tainted: true, proposal: null });
  const none = await exchange(chat, "show me the log of build");
  expect(none.words).toContain("`step build` has not run yet.");
});

test("when the program ends, answers end with a last word, and their conversations can go on", async () => {
  const at = await make();
  const { chat } = await chatOf(at, slow().model);
  const { conversation, after } = value(await chat.say({ message: "count" }, person));
  await collect(chat.listen(conversation, after), ({ data }) => data.text === "two ");
  await chat.close();
  expect(chat.list()).toMatchObject([{ id: conversation, answering: false }]);
  expect((await collect(chat.listen(conversation, after))).at(-1)?.type).toBe("error");
  const { chat: next } = await chatOf(at, scripted([[text("here again")]]));
  expect((await exchange(next, "go on", conversation)).words).toBe("here again");
});
