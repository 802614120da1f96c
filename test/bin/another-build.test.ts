import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { openRuntimeFolder } from "../../lib/io/files/runtime-folder";
import { linkTo } from "../../lib/surfaces/http/served";
import { version } from "../../package.json";
import { seqctlArgv } from "../rig/seqctl";
import { cleanUp, Workspace } from "../rig/workspace";
import { openServer, type TestServer, TOKEN } from "../surfaces/http/harness";

let server: TestServer;
let dist = "";

beforeAll(async () => {
  server = await openServer();
});
afterEach(async () => {
  await cleanUp();
  fs.rmSync(dist, { recursive: true, force: true });
});
afterAll(() => server.close());

/** What `seqctl ui` of a build says where another process serves the workspace; without a page it can't serve itself. */
async function uiBeside(recorded: object, id: string | undefined) {
  const at = await Workspace.make();
  const [bun = "", ...rest] = await seqctlArgv();
  const program = rest.pop() as string;
  dist = join(program, `../../of-test-${process.pid}`);
  fs.mkdirSync(dist);
  fs.copyFileSync(program, join(dist, "seqctl.js"));
  if (id !== undefined) fs.writeFileSync(join(dist, "build-id"), id);
  const folder = openRuntimeFolder(at.root, at.env);
  if (!folder.ok) throw new Error(JSON.stringify(folder.failure));
  const { port } = server;
  const url = linkTo(port, TOKEN);
  folder.value.write(
    "server.json",
    JSON.stringify({ url, port, pid: process.pid, token: TOKEN, ...recorded }),
  );
  // The server is in this very process, which therefore must not stand still.
  const ui = Bun.spawn([bun, ...rest, join(dist, "seqctl.js"), "ui", "--json", "--no-open"], {
    ...{ cwd: at.root, env: at.env },
    ...{ stdout: "pipe", stderr: "pipe" },
  });
  const [out, err] = await Promise.all([new Response(ui.stdout).text(), new Response(ui.stderr).text()]);
  return { exitCode: await ui.exited, said: JSON.parse(out || err), url };
}

test("a server of this very build is found by `ui`", async () => {
  const { exitCode, said, url } = await uiBeside({ version, build: "one" }, "one");
  expect({ exitCode, said }).toEqual({ exitCode: 0, said: { url, port: server.port, pid: process.pid } });
});

test.each<[string, object, string | undefined]>([
  ["another build", { version, build: "one" }, "two"],
  ["another version", { version: "0.0.1", build: "one" }, "one"],
  ["a build of which nothing is told", {}, "one"],
  ["some build, where this one is not whole", { version }, undefined],
])("a server of %s is not taken for its own", async (_, recorded, id) => {
  const { exitCode, said } = await uiBeside(recorded, id);
  expect({ exitCode, said }).toMatchObject({ exitCode: 2, said: { code: "file.missing" } });
});
