import { afterAll, beforeAll, expect, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initWorkspace, openWorkspace } from "../../../lib/threados";
import { openStream } from "./event-reader";
import { openServer, type TestServer } from "./harness";

const root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "threados-http-")));
const file = join(root, ".threados", "sequence.yaml");
let server: TestServer;

beforeAll(async () => {
  const made = await initWorkspace(root, { name: "http" });
  const opened = openWorkspace(root, [process.execPath, "-e", ""]);
  if (!made.ok || !opened.ok) throw new Error(JSON.stringify([made, opened]));
  server = await openServer({ workspace: opened.value });
});
afterAll(async () => {
  await server.close();
  fs.rmSync(root, { recursive: true, force: true });
});

const answerOf = async (answer: Promise<Response>) => {
  const got = await answer;
  return { status: got.status, body: (await got.json()) as { [key: string]: unknown } };
};
const add = (id: string, ...needs: string[]) => ({
  action: "add",
  id,
  model: "shell",
  command: ["true"],
  depends_on: needs,
});

test("a sequence is built, questioned and unbuilt over HTTP", async () => {
  expect((await answerOf(server.post("/api/step", add("a")))).status).toBe(200);
  expect((await answerOf(server.post("/api/step", add("b", "a")))).body).toMatchObject({
    action: "step.add",
    changed: true,
  });
  expect((await answerOf(server.get("/api/status"))).body).toMatchObject({
    steps: [{ id: "a" }, { id: "b", depends_on: ["a"] }],
  });
  expect((await answerOf(server.get("/api/why?id=b"))).body).toMatchObject({ id: "b", status: "BLOCKED" });
  expect((await answerOf(server.get("/api/sequence"))).body).toMatchObject({
    text: fs.readFileSync(file, "utf8"),
  });

  const cycle = await answerOf(server.post("/api/dep", { action: "add", step: "a", dep: "b" }));
  expect(cycle).toMatchObject({ status: 400, body: { code: "dep.cycle", error: { code: "dep.cycle" } } });
  expect(await answerOf(server.post("/api/step", { action: "ad" }))).toMatchObject({
    status: 400,
    body: { code: "action.unknown" },
  });
  expect((await answerOf(server.get("/api/step?id=nobody"))).body).toMatchObject({ code: "step.unknown" });
  expect((await answerOf(server.get("/api/audit?limit=nine"))).body).toMatchObject({ code: "input.invalid" });

  let asked = await answerOf(server.post("/api/step", { action: "rm", id: "b" }));
  expect(asked).toMatchObject({ status: 428, body: { error: { confirmation_required: true } } });
  const { confirm } = asked.body.error as { confirm: string };
  asked = await answerOf(server.post("/api/step", { action: "rm", id: "b", confirm }));
  expect(asked).toMatchObject({ status: 200, body: { changed: true } });
  expect((await answerOf(server.post("/api/sequence", { action: "undo" }))).status).toBe(200);
  expect((await answerOf(server.get("/api/status"))).body).toMatchObject({
    steps: [{ id: "a" }, { id: "b" }],
  });

  expect((await answerOf(server.get("/api/audit?view=verify"))).body).toMatchObject({ ok: true });
  const { entries } = (await answerOf(server.get("/api/audit?view=tail&n=1"))).body as { entries: unknown[] };
  expect(entries).toMatchObject([
    { actor: "user", surface: "http", action: "sequence.undo", result: "success" },
  ]);
});

test("what is only recorded arrives on the stream, as the new end of the audit log's chain", async () => {
  const stream = await openStream(server);
  const before = ((await stream.next()).data as { audit: { seq: number } }).audit.seq;
  const refused = await answerOf(server.post("/api/step", { action: "rm", id: "nobody" }));
  expect(refused.status).toBe(400);
  const { audit } = (await stream.next()).data as { audit: { seq: number; hash: string } };
  const { body } = await answerOf(server.get("/api/audit?view=tail&n=1"));
  expect((body as { entries: unknown[] }).entries.at(-1)).toMatchObject(audit);
  expect(audit.seq).toBeGreaterThan(before);
  stream.close();
});

test("an edit of the file by hand arrives on the stream", async () => {
  const stream = await openStream(server);
  await stream.next();
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("name: http", "name: by-hand"));
  expect(await stream.next()).toMatchObject({ event: "status", data: { name: "by-hand" } });
  const text = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, "steps: [");
  expect(await stream.next()).toMatchObject({ event: "problem" });
  fs.writeFileSync(file, text);
  expect(await stream.next()).toMatchObject({ event: "status", data: { name: "by-hand" } });
  stream.close();
});

test("a folder that was moved away is told as that to whoever asks or changes something, until it is back", async () => {
  const away = `${root}-away`;
  fs.renameSync(root, away);
  const gone = {
    code: "workspace.missing",
    message: `the workspace ${root} is not there any more`,
    hint: "move it back, or open another: `seqctl -C DIR ui`",
  };
  try {
    for (const path of ["/api/status", "/api/sequence", "/api/audit?view=find", "/api/runs?view=replay"]) {
      const { body } = await answerOf(server.get(path));
      expect({ path, error: body.error }).toMatchObject({ path, error: gone });
    }
    const { body } = await answerOf(server.post("/api/step", add("z")));
    expect(body.error).toMatchObject(gone);
    expect(fs.existsSync(root)).toBe(false);
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
    fs.renameSync(away, root);
  }
  expect((await server.get("/api/status")).status).toBe(200);
});
