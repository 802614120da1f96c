import { afterAll, beforeAll, expect, spyOn, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { openWorkspace, type Threados } from "../../../lib/threados";
import { value } from "../../rig/sequence";
import { cleanUp, Workspace } from "../../rig/workspace";
import { openStream } from "./event-reader";
import { openServer, type TestServer } from "./harness";

let at: Workspace;
let workspace: Threados;
let server: TestServer;
let config: string | undefined;

beforeAll(async () => {
  at = await Workspace.make({
    steps: [
      { id: "build", command: ["true"] },
      { id: "deploy", command: ["true"], depends_on: ["build"] },
    ],
  });
  config = process.env.XDG_CONFIG_HOME;
  process.env.XDG_CONFIG_HOME = join(at.home, "config");
  workspace = value(openWorkspace(at.root, [process.execPath, "-e", ""]));
  server = await openServer({ workspace });
});
afterAll(async () => {
  if (config === undefined) delete process.env.XDG_CONFIG_HOME;
  else process.env.XDG_CONFIG_HOME = config;
  await server.close();
  await cleanUp();
});

interface Event {
  id: string;
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails if it is not there
  data: any;
}

async function eventsOf(answer: Promise<Response>): Promise<Event[]> {
  const got = await answer;
  expect([got.status, got.headers.get("content-type")]).toEqual([200, "text/event-stream; charset=utf-8"]);
  const blocks = (await got.text()).split("\n\n").filter((block) => block.includes("event: "));
  return blocks.map((block) => {
    const [id = "", event = "", data = ""] = block.split("\n").map((line) => line.replace(/^\w+: /, ""));
    return { id, event, data: JSON.parse(data) };
  });
}
const bodyOf = async (answer: Promise<Response>) => {
  const got = await answer;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails if it is not there
  return { status: got.status, body: (await got.json()) as any };
};

test("a message is answered by message, actions, diff and done; applying asks once", async () => {
  const events = await eventsOf(server.post("/api/chat", { message: "add lint between build and deploy" }));
  expect(events.map(({ event }) => event)).toEqual(["message", "actions", "diff", "done"]);
  const { conversation, proposal } = events[1]?.data ?? {};
  expect(
    events.every(({ id, data }) => id.startsWith(`${conversation}.`) && data.conversation === conversation),
  ).toBe(true);
  expect(events[2]?.data.unified).toContain("+  - id: lint");

  const asked = await bodyOf(server.post("/api/chat/apply", { proposal }));
  expect(asked).toMatchObject({
    status: 428,
    body: { code: "confirm.required", error: { confirmation_required: true, times: 1 } },
  });
  expect(at.definition).not.toContain("lint");
  const applied = await bodyOf(
    server.post("/api/chat/apply", { proposal, confirm: events[2]?.data.confirm }),
  );
  expect(applied).toMatchObject({ status: 200, body: { proposal, changed: true } });
  expect(at.definition).toContain("lint");
});

test("what is said in a conversation, and that it is removed, arrives on the status stream, whoever says it", async () => {
  const stream = await openStream(server);
  const news = async () => {
    for (;;) {
      const { event, data } = await stream.next();
      if (event === "chat") return data.conversations;
    }
  };
  const [{ data }] = (await eventsOf(server.post("/api/chat", { message: "status" }))) as [Event];
  expect(await news()).toEqual([data.conversation]);
  // Another program writes it.
  const file = join(at.root, ".threados", "chat", `${data.conversation}.jsonl`);
  const renamed = { n: 99, ts: "", type: "renamed", data: { title: "x" } };
  const told = new Promise((resolve) => void news().then(resolve));
  fs.appendFileSync(file, `${JSON.stringify(renamed)}\n`);
  expect(await told).toEqual([data.conversation]);
  await server.post("/api/chat", { action: "rm", conversation: data.conversation });
  expect(await news()).toEqual([data.conversation]);
  stream.close();
});

test("a stream that was cut is read on behind its last event", async () => {
  const all = await eventsOf(server.post("/api/chat", { message: 'rename build to "Make"' }));
  const [first] = all;
  const { conversation } = first?.data ?? {};
  const number = first?.id.split(".")[1];
  expect(await eventsOf(server.get(`/api/chat?conversation=${conversation}&after=${number}`))).toEqual(
    all.slice(1),
  );
  expect(
    await eventsOf(
      server.get(`/api/chat?conversation=${conversation}`, { "last-event-id": first?.id ?? "" }),
    ),
  ).toEqual(all.slice(1));
});

test("whoever comes back for a stream does not wait for what became of its proposals", async () => {
  const all = await eventsOf(server.post("/api/chat", { message: 'rename deploy to "Ship"' }));
  const { conversation } = all[0]?.data ?? {};
  const chat = await workspace.chat();
  const show = spyOn(chat, "show");
  try {
    const of = (id: string) => server.get(`/api/chat?conversation=${id}&after=0`);
    expect((await eventsOf(of(conversation))).slice(-all.length)).toEqual(all);
    for (const nobody of ["01KAKAKAKAKAKAKAKAKAKAKAKA", "../../policy"])
      expect(await bodyOf(of(nobody))).toMatchObject({ status: 404, body: { code: "chat.unknown" } });
    expect(show).not.toHaveBeenCalled();
    await server.get(`/api/chat?conversation=${conversation}`);
    expect(show).toHaveBeenCalledTimes(1);
  } finally {
    show.mockRestore();
  }
});

test("a stream names its conversation before its first event, and a part of a proposal can be looked at", async () => {
  const answer = await server.post("/api/chat", { message: "rename build to One\nrename deploy to Two" });
  const [conversation, after] = (answer.headers.get("x-conversation") ?? "").split(".");
  await answer.text();
  const events = await eventsOf(server.get(`/api/chat?conversation=${conversation}&after=${after}`));
  expect(events.map(({ event }) => event)).toEqual(["message", "actions", "diff", "done"]);
  const { proposal } = events[1]?.data ?? {};
  const part = await bodyOf(server.post("/api/chat/apply", { proposal, actions: [0], preview: true }));
  expect(part).toMatchObject({ status: 200, body: { proposal, moved: null, verdict: { ask: 1 } } });
  expect(part.body.unified).not.toContain("Two");
  const polite = { accept: "application/vnd.threados.answer+json" };
  const asked = await bodyOf(server.post("/api/chat/apply", { proposal }, polite));
  expect(asked).toMatchObject({ status: 200, body: { code: "confirm.required" } });
  expect(asked.body.error.about).toMatchObject({
    call: { action: "proposal.approve", input: { id: proposal } },
    parts: [
      { action: "step.edit", risk: "edit" },
      { action: "step.edit", risk: "edit" },
    ],
    changes: { nodes: [{ id: "build", change: "changed" }, { id: "deploy" }] },
    undone: true,
  });
  expect(at.definition).not.toContain("One");
});

test("a look at a proposal under which the sequence has moved says whether that makes it another change", async () => {
  const events = await eventsOf(server.post("/api/chat", { message: "remove build" }));
  const { proposal } = events[1]?.data ?? {};
  const look = async () => (await bodyOf(server.post("/api/chat/apply", { proposal, preview: true }))).body;
  expect(await look()).toMatchObject({ moved: null, standing: null });
  await server.post("/api/step", { action: "edit", id: "deploy", name: "Elsewhere" });
  expect(await look()).toMatchObject({
    moved: ["step deploy changed"],
    standing: "the sequence changed since it was proposed; it would still do the same",
  });
  await server.post("/api/step", { action: "edit", id: "build", name: "What is removed" });
  expect((await look()).standing).toBe(
    "out of date: the sequence changed since, and it would now do something else than when it was proposed",
  );
});

test("a look at a proposal that was decided meanwhile is answered, not failed, for who asks for answers", async () => {
  const events = await eventsOf(server.post("/api/chat", { message: "rename build to One" }));
  const { proposal } = events[1]?.data ?? {};
  const { confirm } = events[2]?.data ?? {};
  expect((await bodyOf(server.post("/api/chat/apply", { proposal, confirm }))).status).toBe(200);
  const look = { proposal, preview: true };
  const polite = { accept: "application/vnd.threados.answer+json" };
  const answered = await server.post("/api/chat/apply", look, polite);
  expect([answered.status, answered.headers.get("x-refusal")]).toEqual([200, "409"]);
  expect((await bodyOf(server.post("/api/chat/apply", look))).status).toBe(409);
});

test("conversations are listed with who answers, shown, renamed and removed", async () => {
  const [event] = await eventsOf(server.post("/api/chat", { message: "status" }));
  const { conversation } = event?.data ?? {};
  const listed = await bodyOf(server.get("/api/chat"));
  expect(listed.body).toMatchObject({ provider: "offline", model: null, problem: null });
  expect(listed.body.conversations[0]).toMatchObject({ id: conversation, title: "status", answering: false });
  const shown = await bodyOf(server.get(`/api/chat?conversation=${conversation}`));
  expect(shown.body.records.map(({ type }: { type: string }) => type)).toEqual([
    "opened",
    "asked",
    "message",
    "done",
  ]);
  const more = await eventsOf(server.post("/api/chat", { message: "help", conversation }));
  expect(more.at(-1)?.event).toBe("done");
  expect(
    (await bodyOf(server.post("/api/chat", { action: "rename", conversation, title: "Mine" }))).status,
  ).toBe(200);
  expect((await bodyOf(server.post("/api/chat", { action: "cancel", conversation }))).body).toEqual({
    id: conversation,
    canceled: false,
  });
  expect((await bodyOf(server.post("/api/chat", { action: "rm", conversation }))).status).toBe(200);
  expect((await bodyOf(server.get(`/api/chat?conversation=${conversation}`))).status).toBe(404);
});

test.each([
  ["/api/chat", {}, 400],
  ["/api/chat", { message: 7 }, 400],
  ["/api/chat", { message: "hello", yes: true }, 400],
  ["/api/chat", { message: "hello", conversation: "../audit" }, 404],
  ["/api/chat", { action: "explode", conversation: "x" }, 400],
  ["/api/chat", { action: "rename" }, 400],
  ["/api/chat/apply", {}, 400],
  ["/api/chat/apply", { proposal: "01ARZ3NDEKTSV4RRFFQ69G5FAV" }, 404],
  ["/api/chat/apply", { proposal: "x", yes: true }, 400],
  ["/api/chat/apply", { proposal: "x", actions: "all" }, 400],
  ["/api/chat/apply", { proposal: "x", preview: "yes" }, 400],
  ["/api/chat/apply", { proposal: "x", base: 7 }, 400],
])("POST %s %j is refused with %d", async (path, body, status) => {
  expect((await bodyOf(server.post(path, body))).status).toBe(status);
});

test("a model that can't be used is told with its remedy, and the list says so too", async () => {
  fs.mkdirSync(join(at.home, "config", "threados"), { recursive: true });
  const file = join(at.home, "config", "threados", "chat.yaml");
  fs.writeFileSync(file, "provider: anthropic\nkey: env:NO_SUCH_KEY_OF_THE_TEST\n");
  const events = await eventsOf(server.post("/api/chat", { message: "hello" }));
  expect(events).toMatchObject([
    {
      event: "error",
      data: {
        code: "chat.invalid",
        message: "the environment variable NO_SUCH_KEY_OF_THE_TEST is not set (key in chat.yaml)",
      },
    },
  ]);
  expect((await bodyOf(server.get("/api/chat"))).body).toMatchObject({
    provider: null,
    problem: expect.stringContaining("NO_SUCH_KEY"),
  });
  fs.rmSync(file);
});
