import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { version } from "../../../package.json";
import { opened } from "../../rig/fake-shell";
import { cleanUp, Workspace } from "../../rig/workspace";
import { openServer, sendRaw, type TestServer, TOKEN } from "../http/harness";
import { connect } from "./client";

setDefaultTimeout(60_000);

let at: Workspace;
let server: TestServer;
beforeEach(async () => {
  at = await Workspace.make({
    steps: [{ id: "a", command: ["echo", "hello"] }],
    gates: [{ id: "g", name: "G" }],
  });
  server = await openServer({ workspace: await opened(at) });
});
afterEach(async () => {
  await server.close();
  await cleanUp();
});

const transport = (headers: Record<string, string>) =>
  new StreamableHTTPClientTransport(new URL(`${server.origin}/api/mcp`), {
    requestInit: { headers },
  }) as Parameters<typeof connect>[0];
const status = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "status", arguments: {} } };
const accept = { accept: "application/json, text/event-stream" };

test("the SDK's own client works over HTTP as an agent, whoever holds the token", async () => {
  const { client, call } = await connect(transport({ authorization: `Bearer ${TOKEN}` }));
  expect((await client.listTools()).tools.length).toBeGreaterThan(20);
  expect(client.getServerVersion()).toMatchObject({ name: "threados", version });
  expect((await call("status")).body).toMatchObject({ steps: [{ id: "a" }] });
  const { body } = await call("step_add", { id: "b" });
  expect(body).toMatchObject({ code: "approval.pending" });
  expect((await call("gate_approve", { id: "g" })).body).toMatchObject({ code: "agent.forbidden" });
  expect(at.audit().at(-1)).toMatchObject({ actor: "agent:@mcp", surface: "mcp", result: "denied" });
  expect((await at.status()).steps).toHaveLength(1);
  expect((await at.seqctl(["approve", body.error.proposal, "--yes"])).exit).toBe(0);
  expect((await client.readResource({ uri: "threados://sequence" })).contents).toMatchObject([
    { text: at.definition },
  ]);
  await client.close();
});

test("without the token, or with a wrong one, nothing is told", async () => {
  await expect(connect(transport({}))).rejects.toThrow();
  await expect(connect(transport({ authorization: "Bearer wrong" }))).rejects.toThrow();
  const answer = await server.post("/api/mcp", status, { ...accept, authorization: "" });
  expect(answer.status).toBe(401);
  expect(server.reached()).toBe(0);
});

test("another site's page and a foreign name (DNS rebinding) don't get in", async () => {
  const body = JSON.stringify(status);
  const raw = (host: string, ...more: string[]) =>
    sendRaw(
      server.port,
      [
        "POST /api/mcp HTTP/1.1",
        `Host: ${host}`,
        `Authorization: Bearer ${TOKEN}`,
        "Content-Type: application/json",
        `Accept: ${accept.accept}`,
        `Content-Length: ${body.length}`,
        ...more,
        "",
        body,
      ].join("\r\n"),
    );
  expect((await raw("evil.example")).status).toBe(421);
  expect((await raw(`127.0.0.1:${server.port}`, "Origin: https://evil.example")).status).toBe(403);
  expect(server.reached()).toBe(0);
  expect((await raw(`127.0.0.1:${server.port}`)).status).toBe(200);
});

test("a request that can't be carried out is answered by its id", async () => {
  const ask = async (message: object) => {
    const answer = await server.post("/api/mcp", message, accept);
    return { status: answer.status, body: await answer.json() };
  };
  const read = { jsonrpc: "2.0", id: 7, method: "resources/read", params: {} };
  expect(await ask(read)).toMatchObject({
    status: 200,
    body: { id: 7, error: { code: -32_602, message: "Invalid params of resources/read: `uri` is missing" } },
  });
  expect(await ask({ ...read, method: 1 })).toMatchObject({
    status: 400,
    body: { id: 7, error: { code: -32_600 } },
  });
});

test("needs no session: each message stands for itself, and there is no stream to open or end", async () => {
  const answer = await server.post("/api/mcp", status, accept);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.get("mcp-session-id")).toBeNull();
  expect(await answer.json()).toMatchObject({
    id: 1,
    result: { structuredContent: { steps: [{ id: "a" }] } },
  });
  expect((await server.get("/api/mcp", { accept: "text/event-stream" })).status).toBe(405);
  const ended = await fetch(`${server.origin}/api/mcp`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  expect(ended.status).toBe(405);
});

test("refuses what is no message, and what is too large or too deep", async () => {
  for (const [body, expected] of [
    ["[]", 400],
    ["nonsense", 400],
    [{ hello: "there" }, 400],
    ["x".repeat(1_048_577), 413],
    [`{"a":${"[".repeat(100)}${"]".repeat(100)}}`, 400],
  ] as const)
    expect((await server.post("/api/mcp", body, accept)).status).toBe(expected);
});
