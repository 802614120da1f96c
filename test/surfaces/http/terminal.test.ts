import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { openWorkspace } from "../../../lib/threados";
import { until } from "../../rig/deadline";
import { value } from "../../rig/sequence";
import { cleanUp, Workspace } from "../../rig/workspace";
import { openStream } from "./event-reader";
import { openServer, type TestServer } from "./harness";

setDefaultTimeout(60_000);

let at: Workspace;
let server: TestServer;
const ownRuntime = process.env.XDG_RUNTIME_DIR;

beforeAll(async () => {
  const talk = 'stty size; printf "name? "; read -r name; stty size; echo "hello $name"';
  at = await Workspace.make({
    steps: [
      { id: "talk", command: ["sh", "-c", talk], tty: true },
      { id: "quiet", command: ["true"] },
      { id: "never", command: ["true"], tty: true },
    ],
  });
  // The socket's folder is found through the environment, by the server as by the engine.
  process.env.XDG_RUNTIME_DIR = at.env.XDG_RUNTIME_DIR;
  server = await openServer({ workspace: value(openWorkspace(at.root, [process.execPath, "-e", ""])) });
});
afterAll(async () => {
  if (ownRuntime === undefined) delete process.env.XDG_RUNTIME_DIR;
  else process.env.XDG_RUNTIME_DIR = ownRuntime;
  await server.close();
  await cleanUp();
});

const stream = (query: string) => openStream(server, undefined, `/api/terminal/stream?${query}`);
const post = async (body: object) => {
  const answer = await server.post("/api/terminal", body);
  return { status: answer.status, said: await answer.json() };
};

describe("a step's terminal over HTTP", () => {
  test("shows what is printed, takes what is typed and the size of the picture, and tells the end", async () => {
    const run = at.seqctl(["run", "step", "talk", "--yes"]);
    await until("the terminal", async () => {
      const { doc } = await at.json(["status"]);
      return doc.steps[0].status === "RUNNING" ? true : undefined;
    });
    let seat = "";
    let text = "";
    let line = await stream("id=talk&cols=90&rows=30");
    const readTo = async (what: string) => {
      while (!text.includes(what)) {
        const { event, data } = await line.next();
        if (event === "seat") seat = String(data.seat);
        if (event === "output") text += Buffer.from(String(data.data), "base64").toString();
        // The terminal may not have been there yet.
        if (event === "end") line = await stream("id=talk&cols=90&rows=30");
      }
    };
    await readTo("name? ");
    expect(await post({ seat, cols: 101, rows: 33 })).toEqual({ status: 200, said: { seated: true } });
    expect(await post({ seat, input: "Ada\n" })).toEqual({ status: 200, said: { seated: true } });
    await readTo("hello Ada");
    expect(text).toContain("33 101");
    for (;;) {
      const { event, data } = await line.next();
      if (event !== "end") continue;
      expect(data).toEqual({ kind: "ended", code: 0 });
      break;
    }
    expect(await post({ seat, input: "more" })).toEqual({ status: 200, said: { seated: false } });
    expect(server.session.sittings.size).toBe(0);
    await run;
  });

  test("is none of a step without one, and refused before the first attempt", async () => {
    await at.seqctl(["run", "step", "quiet", "--yes"]);
    const line = await stream("id=quiet");
    expect((await line.next()).event).toBe("seat");
    expect(await line.next()).toMatchObject({ event: "end", data: { kind: "none" } });
    const answer = await server.get("/api/terminal/stream?id=never");
    expect([answer.status, (await answer.json()).code]).toEqual([400, "step.never_ran"]);
    expect((await server.get("/api/terminal/stream?id=nobody")).status).toBe(400);
  });

  test("wants its words as they are meant", async () => {
    for (const query of ["", "id=talk&cols=0", "id=talk&rows=x", "id=talk&cols=5000"])
      expect((await server.get(`/api/terminal/stream?${query}`)).status).toBe(400);
    for (const body of [
      {},
      { seat: 1 },
      { seat: "s", input: 1 },
      { seat: "s", cols: 2 },
      { seat: "s", more: 1 },
    ])
      expect((await post(body)).status).toBe(400);
  });

  test("is lost where it can't even be looked for, and nothing else is", async () => {
    const workspace = value(openWorkspace(at.root, [process.execPath, "-e", ""]));
    const visit = () => Promise.reject(new Error("the disk has gone"));
    const shaky = await openServer({ workspace: { ...workspace, visit } });
    const line = await openStream(shaky, undefined, "/api/terminal/stream?id=quiet");
    expect((await line.next()).event).toBe("seat");
    expect(await line.next()).toMatchObject({ event: "end", data: { kind: "lost" } });
    expect((await shaky.get("/api/status")).status).toBe(200);
    expect(shaky.session.sittings.size).toBe(0);
    await shaky.close();
  });

  test("tells each page how many sit there", async () => {
    const run = at.seqctl(["rerun", "talk", "--yes"]);
    const counted = async (line: Awaited<ReturnType<typeof stream>>, wanted: number) => {
      for (let at = line; ; ) {
        const { event, data } = await at.next();
        if (event === "seats" && data.count === wanted) return at;
        // The terminal may not have been there yet.
        if (event === "end") at = await stream("id=talk");
      }
    };
    await until("the terminal", async () => (await at.status()).steps[0]?.status === "RUNNING");
    const first = await counted(await stream("id=talk"), 1);
    const second = await stream("id=talk");
    await Promise.all([counted(first, 2), counted(second, 2)]);
    second.close();
    await counted(first, 1);
    first.close();
    await at.seqctl(["stop", "talk"]);
    await run;
  });

  test("lets go of a page that has left", async () => {
    const run = at.seqctl(["rerun", "talk", "--yes"]);
    await until("the terminal", async () => {
      const line = await stream("id=talk");
      await line.next();
      const next = await line.next();
      line.close();
      return next.event === "output" ? true : undefined;
    });
    await until("nobody sits there", async () => (server.session.sittings.size === 0 ? true : undefined));
    await at.seqctl(["stop", "talk"]);
    await run;
  });
});
