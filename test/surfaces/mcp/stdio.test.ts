import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { seqctlArgv } from "../../rig/seqctl";
import { cleanUp, onlyDocument, Workspace } from "../../rig/workspace";
import { connect } from "./client";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const source = join(import.meta.dir, "../../../bin/seqctl.ts");
const making = { steps: [{ id: "a", command: ["echo", "hello"] }], gates: [{ id: "g", name: "G" }] };

const launch = (at: Workspace, argv = [process.execPath, source, "-C", at.root, "mcp"]) =>
  connect(
    new StdioClientTransport({
      command: argv[0] as string,
      args: argv.slice(1),
      env: at.env,
      stderr: "ignore",
    }),
  );

const request = (id: number, method: string, params: object) =>
  JSON.stringify({ jsonrpc: "2.0", id, method, params });
const lines = [
  request(1, "initialize", {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "t", version: "1" },
  }),
  request(2, "tools/call", { name: "step_add", arguments: { id: "b" } }),
  request(3, "tools/call", { name: "policy_mode", arguments: { mode: "POWER" } }),
].join("\n");

interface Answer {
  id: number;
  result: { structuredContent: { code: string } };
}

/** Answers by id, out of lines that must all be JSON-RPC. */
const answersIn = (out: string) =>
  new Map(
    out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Answer)
      .map((answer) => [answer.id, answer]),
  );

/** Requests that can't be carried out, with the code and the words that they are answered with. */
const faulty: [message: object, code: number, words: string][] = [
  [{ jsonrpc: "2.0", id: 51, method: 7 }, -32_600, "Invalid Request: `method` must be a text"],
  [{ jsonrpc: "2.0", id: "six" }, -32_600, "Invalid Request: `method` must be a text"],
  [{ id: 52, method: "tools/list" }, -32_600, 'Invalid Request: `jsonrpc` must be "2.0"'],
  [
    { jsonrpc: "2.0", id: null, method: "ping" },
    -32_600,
    "Invalid Request: `id` must be a text or a whole number",
  ],
  [
    { jsonrpc: "2.0", id: 53, method: "tools/call", params: "x" },
    -32_602,
    "Invalid params of tools/call: they must be an object",
  ],
  [
    { jsonrpc: "2.0", id: 54, method: "tools/call" },
    -32_602,
    "Invalid params of tools/call: they are missing",
  ],
  [
    { jsonrpc: "2.0", id: 55, method: "tools/call", params: { name: 5 } },
    -32_602,
    "Invalid params of tools/call: `name` must be a text, not a number",
  ],
  [
    { jsonrpc: "2.0", id: 56, method: "resources/read", params: {} },
    -32_602,
    "Invalid params of resources/read: `uri` is missing",
  ],
  [
    { jsonrpc: "2.0", id: 57, method: "prompts/get", params: { name: "plan_work", arguments: { goal: 5 } } },
    -32_602,
    "Invalid params of prompts/get: `arguments.goal` must be a text, not a number",
  ],
];

describe("seqctl mcp", () => {
  test("serves the SDK's own client: tools, status, a proposal, a refused approval, a log", async () => {
    const at = await Workspace.make(making);
    expect((await at.seqctl(["run", "step", "a", "--yes"])).exit).toBe(0);
    const { client, call } = await launch(at);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("step_add");
    expect((await call("status")).body).toMatchObject({ steps: [{ id: "a", status: "DONE" }] });
    const { body } = await call("step_add", { id: "b", command: ["true"] });
    expect(body).toMatchObject({ code: "approval.pending" });
    expect((await call("gate_approve", { id: "g" })).body).toMatchObject({ code: "agent.forbidden" });
    expect((await at.seqctl(["approve", body.error.proposal, "--yes"])).exit).toBe(0);
    expect((await call("status")).body.steps).toMatchObject([{ id: "a" }, { id: "b" }]);
    const { run } = await at.status();
    const { contents } = await client.readResource({ uri: `threados://runs/${run}/a/1/stdout.log` });
    expect(contents).toMatchObject([{ text: "hello\n" }]);
    await client.close();
  });

  test("answers what it was asked before its input closed, and ends with 0", async () => {
    const at = await Workspace.make(making);
    const child = Bun.spawn([...(await seqctlArgv()), "mcp"], {
      cwd: at.root,
      env: at.env,
      stdin: new Blob([`${lines}\n`]),
      stdout: "pipe",
      stderr: "pipe",
    });
    const out = await new Response(child.stdout).text();
    expect(await child.exited).toBe(0);
    const answers = answersIn(out);
    expect([...answers.keys()].sort()).toEqual([1, 2, 3]);
    expect(answers.get(2)?.result.structuredContent.code).toBe("approval.pending");
  });

  test("answers lines that are no message, and goes on", async () => {
    const at = await Workspace.make(making);
    const garbage = ["not json", '{"jsonrpc":"2.0"', "[]", '{"jsonrpc":"1.0","id":7,"method":"ping"}'];
    const child = Bun.spawn([...(await seqctlArgv()), "mcp"], {
      cwd: at.root,
      env: at.env,
      stdin: new Blob([`${[...garbage, lines].join("\n")}\n`]),
      stdout: "pipe",
      stderr: "pipe",
    });
    const out = await new Response(child.stdout).text();
    expect(await child.exited).toBe(0);
    expect(await new Response(child.stderr).text()).toBe("");
    const all = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(all.slice(0, 4)).toMatchObject([
      { jsonrpc: "2.0", id: null, error: { code: -32_700 } },
      { jsonrpc: "2.0", id: null, error: { code: -32_700 } },
      { jsonrpc: "2.0", id: null, error: { code: -32_600 } },
      { jsonrpc: "2.0", id: 7, error: { code: -32_600 } },
    ]);
    expect(answersIn(out).get(2)?.result.structuredContent.code).toBe("approval.pending");
  });

  test("answers a request that can't be carried out by its id, and says what is wrong with it", async () => {
    const at = await Workspace.make(making);
    const asked = faulty.map(([message]) => JSON.stringify(message));
    const child = Bun.spawn([...(await seqctlArgv()), "mcp"], {
      cwd: at.root,
      env: at.env,
      stdin: new Blob([`${[...asked, lines].join("\n")}\n`]),
      stdout: "pipe",
      stderr: "pipe",
    });
    const out = await new Response(child.stdout).text();
    const said = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter(({ error }) => error);
    expect(said).toEqual(
      faulty.map(([message, code, words]) => ({
        jsonrpc: "2.0",
        id: (message as { id?: unknown }).id ?? null,
        error: { code, message: words },
      })),
    );
    expect(answersIn(out).get(2)?.result.structuredContent.code).toBe("approval.pending");
  });

  test("answers a line without an end, and ends", async () => {
    const at = await Workspace.make(making);
    const child = Bun.spawn([...(await seqctlArgv()), "mcp"], {
      cwd: at.root,
      env: at.env,
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
    child.stdin.write("x".repeat(11 * 1024 * 1024));
    // It leaves before it has read all of it.
    await Promise.resolve(child.stdin.flush()).catch(() => undefined);
    expect(JSON.parse(await new Response(child.stdout).text())).toMatchObject({
      id: null,
      error: { code: -32_700, message: expect.stringContaining("longer than") },
    });
    expect(await child.exited).toBe(0);
  });

  test("inside a step speaks for that step", async () => {
    const seqctl = (await seqctlArgv()).map((word) => `'${word}'`).join(" ");
    const at = await Workspace.make({
      steps: [{ id: "worker", command: ["sh", "-c", `${seqctl} mcp < asked > said`] }],
    });
    at.write("asked", `${lines}\n`);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    const answers = answersIn(at.read("said"));
    expect(answers.get(2)?.result.structuredContent.code).toBe("approval.pending");
    expect(answers.get(3)?.result.structuredContent.code).toBe("agent.forbidden");
    const mine = at.audit().filter(({ surface }) => surface === "mcp");
    expect(mine.map(({ actor, result }) => `${actor} ${result}`).sort()).toEqual([
      "agent:worker denied",
      "agent:worker pending",
    ]);
  });

  test("refuses where there is no workspace, and keeps stdout clean", async () => {
    const { exit, out, err } = await Workspace.empty().seqctl(["mcp"]);
    expect([exit, out]).toEqual([2, ""]);
    expect(err).toContain("seqctl init");
  });

  test("prints a configuration that starts it", async () => {
    const at = await Workspace.make(making);
    const { out, err } = await at.seqctl(["mcp", "--print-config"]);
    expect(err).toMatch(/\d+ tools, sha256 of their list [0-9a-f]{64}/);
    expect(JSON.parse(out)).toEqual(onlyDocument((await at.seqctl(["mcp", "--print-config", "--json"])).out));
    const { command, args } = JSON.parse(out).mcpServers.threados;
    const { client, call } = await launch(at, [command, ...args]);
    expect((await call("status")).body).toMatchObject({ name: "rig" });
    await client.close();
  });
});
