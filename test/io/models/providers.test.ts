import { afterEach, describe, expect, test } from "bun:test";
import { chatTools } from "../../../lib/core/chat/tools";
import { anthropic } from "../../../lib/io/models/anthropic";
import type { ChatConfig } from "../../../lib/io/models/config";
import { openai } from "../../../lib/io/models/openai";
import { type Patience, withRetries } from "../../../lib/io/models/retry";
import type { ChatModel, ModelEvent, ModelMessage, ModelRequest } from "../../../lib/runtime/chat-ports";
import { worldOf } from "../../core/chat/rig";
import { type ChatServer, type Said, startChatServer } from "../../rig/chat-server";
import { until } from "../../rig/deadline";

let server: ChatServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const price = { input: 3, output: 15, cache_read: 0.3 };
const providers = {
  anthropic: (url: string, patience: Patience) =>
    anthropic(
      { provider: "anthropic", base_url: url, model: "claude-test", secret: "key-of-the-test", price },
      patience,
    ),
  openai: (url: string, patience: Patience) =>
    openai(
      { provider: "openai", base_url: `${url}/v1`, model: "test", secret: "key-of-the-test", price },
      patience,
    ),
} satisfies Record<string, (url: string, patience: Patience) => ChatModel>;

function requestOf(messages: ModelMessage[]): ModelRequest {
  return { system: "Be brief.", context: "Steps: none.", messages, tools: chatTools(), world: worldOf([]) };
}

const hello: ModelMessage[] = [{ role: "user", text: "hello" }];

describe.each(Object.keys(providers) as (keyof typeof providers)[])("%s", (name) => {
  /** Asks a server with that script; waits are written down, not waited. */
  async function ask(script: Said[], messages = hello, signal = new AbortController().signal) {
    server = await startChatServer(script);
    const waits: number[] = [];
    const patience: Patience = { tries: 4, chance: () => 0.5, wait: async (ms) => void waits.push(ms) };
    const events: ModelEvent[] = [];
    for await (const event of providers[name](server.url, patience).answer(requestOf(messages), signal))
      events.push(event);
    const words = events.flatMap((event) => (event.type === "text" ? [event.text] : []));
    return { events, waits, words, seen: server.seen, last: events.at(-1) };
  }

  test("text comes in the pieces in which it was said, then what it cost", async () => {
    const { words, last, seen } = await ask([
      { text: ["Hel", "lo ", "thère."], tokensIn: 1000, tokensOut: 100, cached: 2000 },
    ]);
    expect(words).toEqual(["Hel", "lo ", "thère."]);
    const tokens = { input: 1000, output: 100, cacheRead: 2000, cacheWrite: 0 };
    expect(last).toEqual({ type: "used", tokens, costUsd: (1000 * 3 + 100 * 15 + 2000 * 0.3) / 1_000_000 });
    expect(seen[0]?.key).toMatch(/key-of-the-test$/);
    expect(JSON.stringify(seen[0]?.body)).toContain("Steps: none.");
  });

  test("a tool's input is put together from its fragments, several tools beside each other", async () => {
    const uses = [
      { name: "propose", json: ['{"calls": [{"act', 'ion": "step.add", "inp', 'ut": {"id": "a"}}]}'] },
      { name: "read_status", json: [] },
    ];
    const { events } = await ask([{ text: ["So: "], uses }]);
    const used = events.flatMap((event) => (event.type === "use" ? [event.use] : []));
    expect(used.map(({ name: tool, input }) => [tool, input])).toEqual([
      ["propose", { calls: [{ action: "step.add", input: { id: "a" } }] }],
      ["read_status", {}],
    ]);
    expect(new Set(used.map(({ id }) => id)).size).toBe(2);
  });

  test.each([['{"calls": ['], ["[1]"], ["null"], ['"text"']])(
    "an input that is no JSON object (%s) is told as it came",
    async (json) => {
      const { events } = await ask([{ uses: [{ name: "propose", json: [json] }] }]);
      expect(events.find(({ type }) => type === "use")).toMatchObject({
        use: { name: "propose", input: {}, malformed: json },
      });
    },
  );

  test("the conversation goes over with its tools' answers", async () => {
    const { seen } = await ask(
      [{ text: ["Done."] }],
      [
        ...hello,
        { role: "assistant", text: "I look.", uses: [{ id: "u1", name: "read_status", input: {} }] },
        { role: "results", results: [{ id: "u1", text: "all well", failed: false }] },
      ],
    );
    const { messages } = seen[0]?.body ?? {};
    expect(JSON.stringify(messages)).toContain("all well");
    expect(
      messages
        .filter(({ role }: { role: string }) => role !== "system")
        .map(({ role }: { role: string }) => role),
    ).toEqual(name === "anthropic" ? ["user", "assistant", "user"] : ["user", "assistant", "tool"]);
  });

  test.each([
    ["overloaded", { status: 529, type: "overloaded_error", message: "Overloaded" }, 500],
    [
      "rate-limited, with how long",
      { status: 429, headers: { "retry-after": "7" }, type: "rate_limit_error", message: "slow down" },
      7000,
    ],
    ["failing", { status: 503, type: "api_error", message: "oops" }, 500],
    ["cut before anything was said", { text: ["lost"], cutBefore: 0 }, 500],
  ])("a server that is %s is asked again", async (_, trouble, wait) => {
    const { words, waits, seen } = await ask([trouble, { text: ["Here."] }]);
    expect(words).toEqual(["Here."]);
    expect(waits).toEqual([wait]);
    expect(seen.length).toBe(2);
  });

  test("each pause is twice the last, and in the end the reason is told", async () => {
    const { last, waits, seen } = await ask([
      { status: 529, type: "overloaded_error", message: "Overloaded" },
    ]);
    expect(waits).toEqual([500, 1000, 2000]);
    expect(seen.length).toBe(4);
    expect(last).toMatchObject({
      type: "failed",
      failure: { code: "chat.failed", hint: expect.stringContaining("overloaded") },
    });
    expect(last).toMatchObject({ failure: { problem: expect.stringMatching(/HTTP 529.*tried 4 times/) } });
  });

  test("a server that wants to be left alone for long is told of, not waited for", async () => {
    const { last, waits } = await ask([
      { status: 429, headers: { "retry-after": "3600" }, type: "rate_limit_error", message: "no" },
    ]);
    expect(waits).toEqual([]);
    expect(last).toMatchObject({ type: "failed" });
  });

  test("a refusal is told as one, its number once", async () => {
    const { last } = await ask([{ status: 401, type: "authentication_error", message: "Incorrect key" }]);
    const { failure } = last as { failure: { problem: string } };
    expect(failure.problem).toMatch(/ refused: HTTP 401, /);
    expect(failure.problem.match(/401/g)).toHaveLength(1);
  });

  test("a web page in an answer's place is told at once, with where to look", async () => {
    const { last, waits } = await ask([
      { status: 200, headers: { "content-type": "text/html" }, type: "", message: "" },
    ]);
    expect(waits).toEqual([]);
    expect(last).toMatchObject({
      failure: { problem: expect.stringContaining("web page"), hint: expect.stringContaining("base_url") },
    });
  });

  test.each([
    [401, "authentication_error", /key/],
    [400, "invalid_request_error", /another provider/],
    [404, "not_found_error", /model and base_url/],
  ])("HTTP %d is final at once", async (status, type, hint) => {
    const { last, seen, waits } = await ask([{ status, type, message: "no" }]);
    expect([seen.length, waits]).toEqual([1, []]);
    expect(last).toMatchObject({ failure: { hint: expect.stringMatching(hint) } });
  });

  test("an answer that is cut off in the middle begins anew, and is not taken for whole", async () => {
    const { promise: cutOnce, resolve: heard } = Promise.withResolvers<void>();
    server = await startChatServer([
      { text: ["Once upon", " a time"], cutBefore: 4, cutOnce },
      { text: ["Again."] },
    ]);
    const patience: Patience = { tries: 2, chance: () => 0.5, wait: async () => undefined };
    const kinds: string[] = [];
    for await (const event of providers[name](server.url, patience).answer(
      requestOf(hello),
      new AbortController().signal,
    )) {
      kinds.push(event.type === "text" ? event.text : event.type);
      if (kinds.join("") === (name === "anthropic" ? "Once upon" : "Once upon a time")) heard();
    }
    expect(kinds.filter((kind) => kind !== " a time")).toEqual(["Once upon", "again", "Again.", "used"]);
  });

  test("an error within the stream is one too", async () => {
    const breaks = { type: "overloaded_error", status: 529, message: "Overloaded" };
    const { events, seen } = await ask([{ text: ["Well"], breaks }, { text: ["Here."] }]);
    expect(events.map(({ type }) => type).filter((type) => type !== "used")).toEqual([
      "text",
      "again",
      "text",
    ]);
    expect(seen.length).toBe(2);
  });

  test("a tool whose input was cut off is never used", async () => {
    const uses = [{ name: "propose", json: ['{"calls":', " []}"] }];
    const { events } = await ask([{ uses, cutBefore: 4 }, { text: ["No."] }]);
    expect(events.filter(({ type }) => type === "use")).toEqual([]);
  });

  test("canceling hangs up, and nothing more is said", async () => {
    server = await startChatServer([{ text: ["Wait"], hangs: true }]);
    const abort = new AbortController();
    const patience: Patience = { tries: 4, chance: () => 0.5, wait: async () => undefined };
    const said: ModelEvent[] = [];
    for await (const event of providers[name](server.url, patience).answer(requestOf(hello), abort.signal)) {
      said.push(event);
      abort.abort();
    }
    expect(said).toEqual([{ type: "text", text: "Wait" }]);
    await until("the server to see it", () => server?.seen[0]?.gone);
    expect(server.seen.length).toBe(1);
  });

  test("a server that nobody runs is told of with its remedy", async () => {
    server = await startChatServer([]);
    const { url } = server;
    await server.stop();
    const patience: Patience = { tries: 2, chance: () => 0.5, wait: async () => undefined };
    const events: ModelEvent[] = [];
    for await (const event of providers[name](url, patience).answer(
      requestOf(hello),
      new AbortController().signal,
    ))
      events.push(event);
    expect(events).toMatchObject([
      {
        type: "failed",
        failure: {
          problem: expect.stringContaining("no connection"),
          hint: expect.stringContaining("base_url"),
        },
      },
    ]);
  });
});

test.each([
  [["Well"], /^x broke off in the middle of the answer \(tried 2 times\)$/],
  [[], /^x did not answer: no connection, closed unexpectedly\. \(tried 2 times\)$/],
])("an answer that breaks off is told as that, and not as a missing connection: %p", async (words, said) => {
  const advice = "For more information, pass `verbose: true` in the second argument to fetch()";
  async function* attempt(): AsyncGenerator<ModelEvent> {
    for (const text of words) yield { type: "text", text };
    throw new Error(`closed unexpectedly. ${advice}`);
  }
  const patience: Patience = { tries: 2, chance: () => 0.5, wait: async () => undefined };
  const troubleOf = ({ message }: Error) => ({ status: undefined, message, retryAfterMs: undefined });
  const events: ModelEvent[] = [];
  const { signal } = new AbortController();
  for await (const event of withRetries(attempt, (error) => troubleOf(error as Error), "x", signal, patience))
    events.push(event);
  expect(events.at(-1)).toMatchObject({ type: "failed", failure: { problem: expect.stringMatching(said) } });
});

test("what never changes is marked for Anthropic's cache", async () => {
  server = await startChatServer([{ text: ["Hi."] }]);
  const config: ChatConfig = { provider: "anthropic", base_url: server.url, secret: "k" };
  for await (const _ of anthropic(config, { tries: 1, chance: () => 0, wait: async () => undefined }).answer(
    requestOf(hello),
    new AbortController().signal,
  ));
  const { system, tools } = server.seen[0]?.body ?? {};
  expect(system.map(({ cache_control }: { cache_control?: object }) => cache_control !== undefined)).toEqual([
    true,
    false,
  ]);
  expect(tools.at(-1).cache_control).toEqual({ type: "ephemeral" });
});
