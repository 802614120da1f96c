import { afterAll, afterEach, expect, test } from "bun:test";
import * as fs from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRuntimeFolder } from "../../../lib/io/files/runtime-folder";
import { findServed, linkTo } from "../../../lib/surfaces/http/served";
import { proofOf } from "../../../lib/surfaces/http/token";
import { openServer, TOKEN } from "./harness";

const scratch = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "threados-served-")));
const opened = openRuntimeFolder(scratch, { XDG_RUNTIME_DIR: scratch });
if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
const folder = opened.value;
const token = TOKEN;
const servers: Server[] = [];
const build = { version: "1.2.3", id: "one" };
/** What anybody was told who listened, and is no server of ours. */
const heard: string[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  heard.length = 0;
  folder.remove("server.json");
});
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** Something that listens, and proves what it can: it is handed the challenge and its own port. */
async function listening(
  prove: (challenge: string, port: number) => string,
  status: (path: string) => number = () => 200,
): Promise<number> {
  const server = createServer(({ rawHeaders, url = "" }, response) => {
    heard.push(url, ...rawHeaders);
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const { port } = server.address() as AddressInfo;
    response.statusCode = status(pathname);
    response.setHeader("x-threados-proof", prove(searchParams.get("challenge") ?? "", port));
    response.end("{}");
  }).listen(0, "127.0.0.1");
  servers.push(server);
  await new Promise((resolve) => server.once("listening", resolve));
  return (server.address() as AddressInfo).port;
}

const note = (port: number, pid: number, url = linkTo(port, token)) =>
  folder.write("server.json", JSON.stringify({ url, port, pid, token, version: "1.2.3", build: "one" }));
const ours = (challenge: string, port: number) => proofOf(token, port, challenge);
const cannot = () => "";

/** The id of a process that has ended. */
const ended = () => Bun.spawnSync(["true"]).pid;

test("a server that proves that it holds its token is found by its record", async () => {
  const server = await openServer();
  const { port } = server;
  note(port, process.pid);
  expect(await findServed(folder, build)).toEqual({ url: linkTo(port, token), port, pid: process.pid });
  const proofTo = async (challenge: string) =>
    (await fetch(`${server.origin}/healthz?challenge=${challenge}`)).headers.get("x-threados-proof");
  expect(await proofTo("c".repeat(43))).toBe(proofOf(token, port, "c".repeat(43)));
  expect(await proofTo("c")).toBeNull();
  await server.close();
});

test.each<[string, () => unknown]>([
  ["nothing", () => undefined],
  ["what is no record", () => folder.write("server.json", "{")],
  ["a record of another form", () => folder.write("server.json", '{"port":1}')],
  ["the record of a process that was killed", async () => note(await listening(ours), ended())],
  [
    "a link that leads elsewhere",
    async () => note(await listening(ours), process.pid, "http://127.0.0.1:1/"),
  ],
  ["another server that took the port", async () => note(await listening(cannot), process.pid)],
  [
    "another server, which refuses whoever bears no token",
    async () => note(await listening(cannot, () => 401), process.pid),
  ],
  [
    "a server that hands on the proof of another one with the same token",
    async () => note(await listening((challenge) => proofOf(token, 1, challenge)), process.pid),
  ],
  [
    "a server that shows a proof that it has seen once",
    async () => note(await listening((_, port) => proofOf(token, port, "c".repeat(43))), process.pid),
  ],
  [
    "a port on which nobody listens",
    async () => {
      const port = await listening(ours);
      await new Promise((resolve) => servers.pop()?.close(resolve));
      note(port, process.pid);
    },
  ],
])("%s is no server", async (_, prepare) => {
  await prepare();
  expect(await findServed(folder, build)).toBeUndefined();
  expect(heard.join("\n")).not.toContain(token);
});
