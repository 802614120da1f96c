import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { openRuntimeFolder } from "../../../lib/threados";
import { opened } from "../../rig/fake-shell";
import { Held } from "../../rig/held";
import { processesWith } from "../../rig/processes";
import { cleanUp, Workspace } from "../../rig/workspace";
import { openServer, type TestServer } from "./harness";

setDefaultTimeout(60_000);

let at: Workspace;
let held: Held;
let server: TestServer;
let token: string;
const runtimeDir = process.env.XDG_RUNTIME_DIR;

beforeEach(async () => {
  at = await Workspace.make({ gates: [{ id: "g", name: "G" }] });
  // The server stands in this process: it looks for the secret where the workspace's engine keeps it.
  fs.mkdirSync(at.env.XDG_RUNTIME_DIR as string, { recursive: true });
  process.env.XDG_RUNTIME_DIR = at.env.XDG_RUNTIME_DIR as string;
  held = new Held(at);
  await at.seqctl(["step", "add", "worker", "--command", JSON.stringify(held.command("worker"))]);
  await at.seqctl(["step", "add", "other", "--command", '["true"]']);
  await at.seqctl(["run", "step", "worker", "--detach", "--yes"]);
  await held.hasBegun("worker");
  const [pid] = processesWith("THREADOS_ATTEMPT", `${at.runs()[0]}/worker/1`);
  token = /\0THREADOS_TOKEN=([^\0]+)/.exec(fs.readFileSync(`/proc/${pid}/environ`, "latin1"))?.[1] ?? "";
  server = await openServer({ workspace: await opened(at) });
});
afterEach(async () => {
  if (runtimeDir === undefined) delete process.env.XDG_RUNTIME_DIR;
  else process.env.XDG_RUNTIME_DIR = runtimeDir;
  await server.close();
  await cleanUp();
});

const bearing = (text: string) => ({ authorization: `Bearer ${text}` });
const post = async (path: string, body: object) => {
  const answer = await server.post(path, body, bearing(token));
  return { status: answer.status, code: ((await answer.json()) as { code: string }).code };
};

test("with its token a step sits at no terminal: what is typed there is a person's", async () => {
  expect((await server.get("/api/terminal/stream?id=worker", bearing(token))).status).toBe(403);
  expect((await post("/api/terminal", { seat: "s", input: "yes" })).status).toBe(403);
});

test("with its token a step reads over HTTP, proposes what it would change, and decides nothing", async () => {
  expect(token).toMatch(/^tos_[\w-]{43}$/);
  const status = await server.get("/api/status", bearing(token));
  expect([status.status, await status.json()]).toMatchObject([200, { steps: [{ id: "worker" }, {}] }]);
  const before = at.definition;
  const pending = { status: 428, code: "approval.pending" };
  const forbidden = { status: 403, code: "agent.forbidden" };
  const table: [path: string, body: object, answer: object][] = [
    ["/api/step", { action: "add", id: "more", command: ["true"] }, pending],
    ["/api/step", { action: "rm", id: "other" }, pending],
    ["/api/run", { action: "step", id: "other" }, pending],
    ["/api/stop", { id: "worker" }, pending],
    ["/api/restart", { id: "worker" }, pending],
    ["/api/prompt", { action: "edit", id: "other", text: "obey" }, pending],
    ["/api/gate", { action: "approve", id: "g" }, forbidden],
    ["/api/policy", { action: "mode", mode: "POWER" }, forbidden],
    ["/api/policy", { action: "mode", mode: "SAFE" }, forbidden],
  ];
  for (const [path, body, answer] of table)
    expect([path, body, await post(path, body)]).toEqual([path, body, answer]);
  const id = (await at.json(["inbox"])).doc.proposals[0].id;
  expect(await post("/api/proposal", { action: "approve", id })).toEqual(forbidden);
  expect(at.definition).toBe(before);
  expect(await at.standing()).toMatchObject({ worker: "RUNNING running 1", other: "READY not_requested" });
  const mine = at.audit().filter((entry) => entry.actor === "agent:worker");
  expect(mine).toHaveLength(table.length + 1);
  expect(new Set(mine.map((entry) => entry.surface))).toEqual(new Set(["http"]));
});

test("the chat is closed to it: nothing that it says there counts as a person's", async () => {
  at.write(".threados/policy.yaml", "version: 1\nmode: POWER\n");
  const chat = await server.post("/api/chat", { message: "add lint after other" });
  expect(await chat.text()).toContain("event: done");
  const second = await server.post("/api/chat", { message: "run other" });
  const { proposal, confirm } = JSON.parse(/event: diff\ndata: (.*)/.exec(await second.text())?.[1] ?? "");
  const before = at.definition;
  const entries = at.audit().length;
  const forbidden = { status: 403, code: "agent.forbidden" };
  expect(await post("/api/chat", { message: "rename other to Mine" })).toEqual(forbidden);
  expect(await post("/api/chat", { action: "cancel", conversation: "x" })).toEqual(forbidden);
  expect(await post("/api/chat/apply", { proposal, confirm })).toEqual(forbidden);
  expect(await post("/api/chat/apply", { proposal, preview: true })).toEqual(forbidden);
  expect((await server.get("/api/chat", bearing(token))).status).toBe(403);
  expect(at.definition).toBe(before);
  expect(await at.standing()).toMatchObject({ other: "READY not_requested" });
  const denied = { actor: "agent:worker", surface: "http", result: "denied" };
  expect(at.audit().slice(entries)).toMatchObject([denied, denied, denied, denied, denied]);
});

test("over MCP by HTTP it speaks for its step, too", async () => {
  const call = { name: "step_add", arguments: { id: "more" } };
  const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params: call };
  const accept = { accept: "application/json, text/event-stream" };
  const answer = await server.post("/api/mcp", message, { ...accept, ...bearing(token) });
  expect(JSON.stringify(await answer.json())).toContain("approval.pending");
  expect(at.audit().at(-1)).toMatchObject({ actor: "agent:worker", surface: "mcp", result: "pending" });
});

test("its token is worth nothing once the attempt has ended, and one that was made up never is", async () => {
  expect((await server.get("/api/status", bearing(`${token.slice(0, -4)}aaaa`))).status).toBe(401);
  await held.release("worker");
  await at.seqctl(["run", "step", "other", "--yes"]);
  expect((await server.get("/api/status", bearing(token))).status).toBe(401);
  const said = await at.json(["step", "add", "late"], { env: { THREADOS_TOKEN: token } });
  expect(said).toMatchObject({ exit: 5, doc: { code: "token.stale" } });
  expect((await at.status()).steps).toHaveLength(2);
});

test("at the command line, too, and it stands in no argv, no record and no log that is shown", async () => {
  const said = await at.json(["step", "add", token], { env: { THREADOS_TOKEN: token } });
  expect(said.exit).not.toBe(0);
  const more = await at.json(["step", "add", "more", "--description", `my ${token}`], {
    env: { THREADOS_TOKEN: token },
  });
  expect(more).toMatchObject({ exit: 3, doc: { code: "approval.pending" } });
  expect(at.read(".threados/audit.log")).not.toContain(token);
  expect(at.audit().at(-1)).toMatchObject({ actor: "agent:worker" });
  const everyone = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const argvs = everyone.map((pid) => {
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, "latin1");
    } catch {
      return "";
    }
  });
  expect(argvs.filter((argv) => argv.includes(token))).toEqual([]);
  await held.release("worker");
  await at.seqctl(["step", "add", "teller", "--command", '["sh","-c","echo it is $THREADOS_TOKEN"]']);
  await at.seqctl(["run", "step", "teller", "--yes"]);
  expect((await at.seqctl(["logs", "teller"])).out).toBe("it is •••\n");
  const folder = openRuntimeFolder(at.root);
  expect(folder.ok && fs.statSync(`${folder.value.path}/step-secret`).mode & 0o777).toBe(0o600);
});

test("with its token a step is told the sequence without its secrets, with the server's a person all of it", async () => {
  at.write(".threados/sequence.yaml", `${at.definition}    env:\n      DB_PASSWORD: hunter2-of-production\n`);
  for (const path of ["/api/sequence", "/api/sequence?view=text"]) {
    const told = await (await server.get(path, bearing(token))).text();
    expect(told).toContain("DB_PASSWORD: •••");
    expect(told).not.toContain("hunter2");
    expect(await (await server.get(path)).text()).toContain("DB_PASSWORD: hunter2-of-production");
  }
});
