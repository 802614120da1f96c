import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRuntimeFolder } from "../../../lib/io/files/runtime-folder";
import { servedPortOf } from "../../../lib/io/files/served-port";
import { listen } from "../../../lib/surfaces/http/front";
import { hasBuild } from "../../../lib/surfaces/http/next-server";
import { collectHashes, pagePolicy } from "../../../lib/surfaces/http/security-headers";
import { type Serving, startServer } from "../../../lib/surfaces/http/serve";
import { findServed } from "../../../lib/surfaces/http/served";
import { until } from "./event-reader";
import { fakeWorkspace } from "./fake-workspace";
import { sendRaw } from "./harness";

const uiDir = join(import.meta.dir, "../../../dist/ui");
const scratch = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "threados-serve-")));
const folder = privateFolder();
const fake = fakeWorkspace();
const build = { version: "1.2.3", id: "one" };
let served: Serving;

function privateFolder() {
  const opened = openRuntimeFolder(scratch, { XDG_RUNTIME_DIR: scratch });
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
  return opened.value;
}

afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

test("a port that is taken is a refusal", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as AddressInfo;
  expect(await listen(port)).toEqual({ ok: false, failure: { code: "port.busy", port } });
  other.close();
});

test("a page that was never built is a refusal", async () => {
  const started = await startServer({ threados: fake.workspace, uiDir: scratch, folder });
  expect(started).toEqual({ ok: false, failure: { code: "file.missing", path: scratch } });
});

test("the content policy names inline scripts by their hash, and nothing else of a page", () => {
  const hashes = { script: new Set<string>(), style: new Set<string>() };
  collectHashes(
    '<script src="/a.js"></script><script>alert(1)</script><style>p{}</style><script></script>',
    hashes,
  );
  expect([...hashes.script]).toEqual(["'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"]);
  expect(hashes.style.size).toBe(1);
});

describe.if(hasBuild(uiDir))("the built page", () => {
  beforeAll(async () => {
    const started = await startServer({ threados: fake.workspace, uiDir, folder, build });
    if (!started.ok) throw new Error(JSON.stringify(started.failure));
    served = started.value;
  });
  afterAll(() => served.close());

  const origin = () => `http://127.0.0.1:${served.port}`;
  const token = () => served.url.split("#token=")[1] ?? "";
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(origin() + path, { headers: { authorization: `Bearer ${token()}`, ...headers } });

  test("comes with the link that opens it, kept where only its owner reads", () => {
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[A-Za-z0-9_-]{43}$/);
    const record = JSON.parse(folder.read("server.json") ?? "null") as object;
    expect(record).toEqual({
      ...{ url: served.url, port: served.port, pid: process.pid, token: token() },
      ...{ version: "1.2.3", build: "one" },
    });
  });

  test("runs only the inline scripts it was built with", async () => {
    const page = await fetch(origin());
    expect(page.status).toBe(200);
    expect(page.headers.get("cache-control")).toBe("no-store");
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toBe(pagePolicy(uiDir));
    expect(policy).not.toMatch(/script-src[^;]*'unsafe/);
    const hashes = { script: new Set<string>(), style: new Set<string>() };
    const html = await page.text();
    collectHashes(html, hashes);
    expect(hashes.script.size).toBeGreaterThan(0);
    for (const hash of hashes.script) expect(policy).toContain(hash);
    expect(html).not.toMatch(/\son[a-z]+\s*=/);
    const script = /src="(\/_next\/static\/chunks\/[^"]+)"/.exec(html)?.[1] ?? "";
    expect((await fetch(origin() + script)).headers.get("cache-control")).toContain("immutable");
  });

  test("answers the API through Next as it does without", async () => {
    expect(await (await get("/api/step?id=a")).json()).toEqual({ view: "step", input: { id: "a" } });
    expect(await (await get("/api/runs/01RUN/build?attempt=2")).json()).toEqual({
      view: "artifacts",
      input: { run: "01RUN", step: "build", attempt: 2 },
    });
    const body = JSON.stringify({ action: "step", id: "a" });
    const headers = { authorization: `Bearer ${token()}`, "content-type": "application/json" };
    const done = await fetch(`${origin()}/api/run`, { method: "POST", headers, body });
    expect(await done.json()).toMatchObject({ action: "run.start", changed: true });
    expect(fake.dispatched.at(-1)?.caller).toEqual({ actor: "user", surface: "http" });
    expect((await fetch(`${origin()}/healthz`)).status).toBe(200);
    expect((await fetch(`${origin()}/readyz`)).status).toBe(200);
    const large = await fetch(`${origin()}/api/run`, {
      method: "POST",
      headers,
      body: body.padEnd(2 ** 20 + 1),
    });
    expect(large.status).toBe(413);
  });

  test("refuses what is not ours before Next sees it", async () => {
    const ask = async (line: string, host: string, ...headers: string[]) =>
      (await sendRaw(served.port, [line, `Host: ${host}`, ...headers, "", ""].join("\r\n"))).status;
    const own = `127.0.0.1:${served.port}`;
    const bearer = `Authorization: Bearer ${token()}`;
    expect(await ask("GET /api/status HTTP/1.1", own)).toBe(401);
    expect(await ask("GET /api/status/stream HTTP/1.1", own)).toBe(401);
    expect(await ask("GET /api/status HTTP/1.1", "evil.example", bearer)).toBe(421);
    expect(await ask("GET /api/status HTTP/1.1", own, bearer, "Origin: https://evil.example")).toBe(403);
    expect(await ask("GET /api/status HTTP/1.1", own, bearer, "x-middleware-subrequest: a")).toBe(400);
    expect(await ask("GET //api/status HTTP/1.1", own, bearer)).toBe(400);
    expect(await ask("GET /api/status.rsc HTTP/1.1", own, bearer)).toBe(404);
    expect(await ask("GET /_next/image?url=/x HTTP/1.1", own)).toBe(404);
  });

  test("streams changes through Next, and lets go of readers that leave", async () => {
    const abort = new AbortController();
    const headers = { authorization: `Bearer ${token()}` };
    const stream = await fetch(`${origin()}/api/status/stream`, { headers, signal: abort.signal });
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    let text = "";
    const read = async (wanted: string) => {
      while (!text.includes(wanted)) text += new TextDecoder().decode((await reader.read()).value);
    };
    await read("event: status");
    fake.append(1);
    await read("event: facts");
    abort.abort();
    await until(() => fake.watchers() === 0);
    const answer = await get("/api/status");
    expect(answer.status).toBe(200);
  });

  test("cuts off a reader that stands still, through Next's own pipe", async () => {
    const stalled = connect(served.port, "127.0.0.1");
    const cut = new Promise((resolve) => stalled.on("error", resolve).on("close", resolve));
    stalled.pause();
    const lines = [
      "GET /api/status/stream HTTP/1.1",
      `Host: 127.0.0.1:${served.port}`,
      `Authorization: Bearer ${token()}`,
    ];
    stalled.write([...lines, "", ""].join("\r\n"));
    await until(() => fake.watchers() === 1);
    for (let round = 0; fake.watchers() === 1 && round < 400; round++) {
      fake.set({ padding: `${round}`.padEnd(64 * 1024) });
      await (await fetch(`${origin()}/healthz`)).text();
    }
    expect(fake.watchers()).toBe(0);
    fake.set({ padding: "" });
    stalled.resume();
    await cut;
  });

  test("is not disturbed by a second server, which has its own token and port, and is found again after it", async () => {
    const second = await startServer({ threados: fake.workspace, uiDir, folder, build });
    if (!second.ok) throw new Error(JSON.stringify(second.failure));
    const { port, url, close } = second.value;
    expect(port).not.toBe(served.port);
    const foreign = await fetch(`http://127.0.0.1:${port}/api/status`, {
      headers: { authorization: `Bearer ${token()}` },
    });
    expect(foreign.status).toBe(401);
    expect((await get("/api/status")).status).toBe(200);
    expect(JSON.parse(folder.read("server.json") ?? "null")).toMatchObject({ url });
    await close();
    expect(await findServed(folder, build)).toMatchObject({ url: served.url });
    expect((await get("/api/status")).status).toBe(200);
  });

  test("comes up again where it was, unless that is taken or another port is asked for", async () => {
    fs.mkdirSync(join(scratch, ".threados", "state"), { recursive: true });
    const former = servedPortOf(scratch);
    const start = async (port?: number) => {
      const options = { threados: fake.workspace, uiDir, folder, build, former };
      const started = await startServer(port === undefined ? options : { ...options, port });
      if (!started.ok) throw new Error(JSON.stringify(started.failure));
      return started.value;
    };
    const first = await start();
    // A connection that the server ends must not keep its port from the next one.
    expect((await fetch(`http://127.0.0.1:${first.port}`)).status).toBe(200);
    await first.close();
    const again = await start();
    expect(again.port).toBe(first.port);
    const beside = await start();
    expect(beside.port).not.toBe(first.port);
    await beside.close();
    await again.close();
    former.write(first.port);
    const free = await start(0);
    expect(free.port).not.toBe(first.port);
    await free.close();
    for (const text of ["", "80", "99999", "4600; rm", "1".repeat(99)]) {
      fs.writeFileSync(join(scratch, ".threados", "state", "ui-port"), text);
      expect(former.read()).toBeUndefined();
    }
  });
});
