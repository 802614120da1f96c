import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { type ChatServer, type Said, startChatServer } from "../rig/chat-server";
import { until } from "../rig/deadline";
import { opened } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";
import { openStream } from "../surfaces/http/event-reader";
import { openServer, type TestServer } from "../surfaces/http/harness";

setDefaultTimeout(180_000);

const value = "v4lue-of-the-t0ken";
const key = "k3y-t0-th3-m0d3l-s3rv3r";
process.env.RIG_TEST_TOKEN = value;
const config = process.env.XDG_CONFIG_HOME;

let at: Workspace;
let server: TestServer;
let model: ChatServer | undefined;

beforeEach(async () => {
  at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
  process.env.XDG_CONFIG_HOME = join(at.home, "config");
  server = await openServer({ workspace: await opened(at) });
});
afterEach(async () => {
  if (config === undefined) delete process.env.XDG_CONFIG_HOME;
  else process.env.XDG_CONFIG_HOME = config;
  await server.close();
  await model?.stop();
  model = undefined;
  await cleanUp();
});

/** Six letters in a row of a secret that stand in a text. */
function seenOf(secret: string, text: string): string | undefined {
  for (let from = 0; from + 6 <= secret.length; from++)
    if (text.includes(secret.slice(from, from + 6))) return secret.slice(from, from + 6);
  return undefined;
}
const seen = (text: string) => seenOf(value, text) ?? seenOf(key, text);

/** Files below `.threados` that hold a part of a secret. */
function holding(): string[] {
  const names = fs.readdirSync(at.path(".threados"), { recursive: true, encoding: "utf8" });
  return names.filter((name) => {
    const path = at.path(`.threados/${name}`);
    return fs.statSync(path).isFile() && seen(fs.readFileSync(path, "latin1")) !== undefined;
  });
}

/** The chat is answered by a server that says that, and is asked with a key that is kept as a secret. */
async function answeredBy(script: Said[]): Promise<void> {
  model = await startChatServer(script);
  const folder = join(at.home, "config", "threados");
  fs.mkdirSync(join(folder, "secrets"), { recursive: true });
  fs.writeFileSync(join(folder, "secrets", "MODEL"), `${key}\n`, { mode: 0o600 });
  const lines = ["provider: openai", `base_url: ${model.url}/v1`, "model: test", "key: secret:MODEL", ""];
  fs.writeFileSync(join(folder, "chat.yaml"), lines.join("\n"));
}

const say = async (message: string) => (await server.post("/api/chat", { message })).text();

test("a secret that a model says in two pieces, cut at any byte, is in no event and no conversation", async () => {
  const cuts = Array.from({ length: value.length - 1 }, (_, index) => index + 1);
  await answeredBy(
    cuts.map((cut) => ({ text: [`It is ${value.slice(0, cut)}`, `${value.slice(cut)} indeed.`] })),
  );
  for (const cut of cuts) {
    const stream = await say(`what is it? (${cut})`);
    expect([cut, seen(stream)]).toEqual([cut, undefined]);
    const words = [...stream.matchAll(/event: message\ndata: (.*)/g)].map(
      ([, data]) => JSON.parse(data as string).text,
    );
    expect(words.join("")).toBe("It is ••• indeed.");
  }
  expect(model?.seen[0]?.key).toBe(`Bearer ${key}`);
  expect(holding()).toEqual([]);
});

test("a secret that a person types goes to nobody: not into the conversation, not to the model", async () => {
  await answeredBy([{ text: ["I see."] }]);
  expect(seen(await say(`my token is ${value}, and my key ${key}`))).toBeUndefined();
  expect(seen(JSON.stringify(model?.seen.map(({ body }) => body)))).toBeUndefined();
  expect(holding()).toEqual([]);
});

test("a proposal that holds a secret is none: it would have to be written down", async () => {
  const calls = [{ action: "step.edit", input: { id: "a", description: `call with ${value}` } }];
  const json = JSON.stringify({ calls });
  const cut = json.indexOf(value) + 5;
  await answeredBy([
    { uses: [{ name: "propose", json: [json.slice(0, cut), json.slice(cut)] }] },
    { text: ["No."] },
  ]);
  const stream = await say("do it");
  expect(stream).not.toContain("event: diff");
  expect(JSON.stringify(model?.seen[1]?.body)).toContain("holds a secret");
  expect(seen(stream)).toBeUndefined();
  expect(seen(JSON.stringify(model?.seen[1]?.body.messages.at(-1)))).toBeUndefined();
  expect(holding()).toEqual([]);
});

test.each([
  ["as an error", { status: 401, type: "authentication_error", message: `bad key ${key}, not ${value}` }],
  ["where its words are cut", { status: 400, type: "invalid", message: `${"no ".repeat(93)}${key} ${key}` }],
  ["within its answer", { text: [`your key is ${key.slice(0, 7)}`, key.slice(7)] }],
] as [string, Said][])(
  "the key of the chat, repeated by the server %s, is told to nobody",
  async (_, said) => {
    await answeredBy([said]);
    const stream = await say("hello");
    expect(stream).toContain("•••");
    expect(seen(stream)).toBeUndefined();
    const id = /"conversation":"(\w+)"/.exec(stream)?.[1];
    expect(seen(await (await server.get(`/api/chat?conversation=${id}`)).text())).toBeUndefined();
    expect(seen(await (await server.get("/api/chat")).text())).toBeUndefined();
    const { out, err } = await at.seqctl(["chat", "hello", "--json"], {
      env: { XDG_CONFIG_HOME: join(at.home, "config"), RIG_TEST_TOKEN: value },
    });
    expect(`${out}${err}`).toContain("•••");
    expect(seen(`${out}${err}`)).toBeUndefined();
    expect(holding()).toEqual([]);
  },
);

test("what a step hands on, and why it failed, holds no secret in the live status and in the archive", async () => {
  const tell = `printf '{"note":"${value.slice(0, 7)}' > "$THREADOS_OUTPUT_DIR/output.json"; printf '%s"}' '${value.slice(7)}' >> "$THREADOS_OUTPUT_DIR/output.json"`;
  at.write(
    ".threados/sequence.yaml",
    JSON.stringify({
      version: 1,
      name: "rig",
      steps: [
        { id: "a", command: ["sh", "-c", tell] },
        { id: "b", command: ["sh", "-c", `echo ${value} >&2; exit 3`], depends_on: ["a"] },
      ],
    }),
  );
  const stream = await openStream(server);
  const events: string[] = [];
  const env = { RIG_TEST_TOKEN: value };
  const run = at.seqctl(["run", "--yes"], { env });
  for (let over = false; !over; ) {
    const event = await stream.next();
    events.push(JSON.stringify(event));
    over = events.some((text) => text.includes('"FAILED"'));
  }
  expect((await run).exit).toBe(1);
  expect(events.join("\n")).toContain("•••");
  expect(seen(events.join("\n"))).toBeUndefined();
  await until("the run to be sealed", () => at.audit().some(({ action }) => action === "run.settled"));
  const exported = at.path("archive.jsonl");
  const said = await at.seqctl(["audit", "export", "--out", exported], { env });
  expect([said.exit, fs.existsSync(exported)]).toEqual([0, true]);
  expect(seen(fs.readFileSync(exported, "latin1"))).toBeUndefined();
  for (const path of ["/api/status", "/api/events", "/api/audit", "/api/runs", "/api/inbox"])
    expect([path, seen(await (await server.get(path)).text())]).toEqual([path, undefined]);
});
