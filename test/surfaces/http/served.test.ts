import { afterAll, afterEach, expect, test } from "bun:test";
import * as fs from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRuntimeFolder } from "../../../lib/io/files/runtime-folder";
import { findServed, linkTo } from "../../../lib/surfaces/http/served";

const scratch = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "threados-served-")));
const opened = openRuntimeFolder(scratch, { XDG_RUNTIME_DIR: scratch });
if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
const folder = opened.value;
const token = "t".repeat(43);
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  folder.remove("server.json");
});
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** Something that listens, and lets in whoever passes. */
async function listening(passes: (bearer: string | undefined) => boolean): Promise<number> {
  const server = createServer(({ headers, url }, response) => {
    response.statusCode = url === "/api/engine" && passes(headers.authorization) ? 200 : 401;
    response.end("{}");
  }).listen(0, "127.0.0.1");
  servers.push(server);
  await new Promise((resolve) => server.once("listening", resolve));
  return (server.address() as AddressInfo).port;
}

const note = (port: number, pid: number, url = linkTo(port, token)) =>
  folder.write("server.json", JSON.stringify({ url, port, pid, token }));
const ours = (bearer: string | undefined) => bearer === `Bearer ${token}`;

/** The id of a process that has ended. */
const ended = () => Bun.spawnSync(["true"]).pid;

test("a server that answers to its token is found by its record", async () => {
  const port = await listening(ours);
  note(port, process.pid);
  expect(await findServed(folder)).toEqual({ url: linkTo(port, token), port, pid: process.pid });
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
  ["another server that took the port", async () => note(await listening(() => false), process.pid)],
  ["a server that lets in anybody", async () => note(await listening(() => true), process.pid)],
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
  expect(await findServed(folder)).toBeUndefined();
});
