import { afterEach, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { openStream, type ServerEvent, until } from "./event-reader";
import { openServer, type Settings, type TestServer, TOKEN } from "./harness";

const open: TestServer[] = [];
async function start(settings: Settings = {}): Promise<TestServer> {
  const server = await openServer(settings);
  open.push(server);
  return server;
}
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const seqs = ({ data }: ServerEvent) => (data.facts as { seq: number }[]).map((fact) => fact.seq);
const shortRevision = "a".repeat(12);

describe("the status stream", () => {
  test("starts with the whole status document and sends it again at every change", async () => {
    const server = await start();
    const stream = await openStream(server);
    expect(stream.answer.headers.get("content-type")).toStartWith("text/event-stream");
    const first = await stream.next();
    expect(first).toMatchObject({
      id: `01JRUN.0.${shortRevision}`,
      event: "status",
      data: { run: "01JRUN", seq: 0, steps: [] },
    });
    server.fake.append(2);
    const facts = await stream.next();
    expect(facts.event).toBe("facts");
    expect(facts.data.run).toBe("01JRUN");
    expect(seqs(facts)).toEqual([1, 2]);
    expect(await stream.next()).toMatchObject({
      id: `01JRUN.2.${shortRevision}`,
      event: "status",
      data: { seq: 2 },
    });
  });

  test("resumes after Last-Event-ID with the facts between, and none of them twice", async () => {
    const server = await start();
    server.fake.append(5);
    const stream = await openStream(server, `01JRUN.2.${shortRevision}`);
    expect(seqs(await stream.next())).toEqual([3, 4, 5]);
    expect(await stream.next()).toMatchObject({ event: "status", data: { seq: 5 } });
    server.fake.append(1);
    expect(seqs(await stream.next())).toEqual([6]);
  });

  test("loses no fact, however often and wherever the connection breaks", async () => {
    const server = await start();
    const seen: number[] = [];
    let id: string | undefined = `01JRUN.0.${shortRevision}`;
    for (let round = 1; round <= 20; round++) {
      server.fake.append(round % 4);
      const stream = await openStream(server, id);
      server.fake.append(1);
      for (let last = ""; last !== "status"; ) {
        const event = await stream.next();
        last = event.event;
        if (event.event === "facts") seen.push(...seqs(event));
        id = event.id ?? id;
      }
      stream.close();
    }
    const rest = await openStream(server, id);
    server.fake.append(1);
    const { seq } = (await (await server.get("/api/status")).json()) as { seq: number };
    while (seen.at(-1) !== seq) {
      const event = await rest.next();
      if (event.event === "facts") seen.push(...seqs(event));
    }
    expect(seen).toEqual(Array.from({ length: seq }, (_, index) => index + 1));
  });

  test("tells which conversations changed to everybody who listens, and to nobody later", async () => {
    const server = await start();
    const both = [await openStream(server), await openStream(server)];
    for (const stream of both) expect(await stream.next()).toMatchObject({ event: "status" });
    server.fake.say("01JTALK", "01JOTHER");
    for (const stream of both)
      expect(await stream.next()).toEqual({
        id: undefined,
        event: "chat",
        data: { conversations: ["01JTALK", "01JOTHER"] },
      });
    const later = await openStream(server, `01JRUN.0.${shortRevision}`);
    server.fake.append(1);
    expect(await later.next()).toMatchObject({ event: "facts" });
  });

  test("is silent to whoever names the newest id, until something changes", async () => {
    const server = await start();
    server.fake.append(3);
    const stream = await openStream(server, `01JRUN.3.${shortRevision}`);
    await until(() => server.fake.asked.length > 0);
    server.fake.set({ revision: "b".repeat(64) });
    expect(await stream.next()).toMatchObject({ id: `01JRUN.3.${"b".repeat(12)}`, event: "status" });
  });

  test("sends no facts of a run that the client has never seen, but all of one that begins while it looks", async () => {
    const server = await start();
    server.fake.append(3);
    const stream = await openStream(server, `01JOTHER.1.${shortRevision}`);
    expect(await stream.next()).toMatchObject({ event: "status", data: { run: "01JRUN" } });
    server.fake.newRun("01JNEXT");
    expect(await stream.next()).toMatchObject({ event: "status", data: { run: "01JNEXT", seq: 0 } });
    server.fake.append(2);
    expect(seqs(await stream.next())).toEqual([1, 2]);
  });

  test.each([["nonsense"], ["01JRUN.-1.aaa"], ["01JRUN.1e9.aaa"], ["../.1.a"], ["none.0."]])(
    "takes '%s' for no place at all",
    async (id) => {
      const server = await start();
      server.fake.append(3);
      const stream = await openStream(server, id);
      expect(await stream.next()).toMatchObject({ event: "status", data: { seq: 3 } });
    },
  );

  test("tells what changed under the same id too, such as whether the engine lives", async () => {
    const server = await start();
    const stream = await openStream(server);
    const { id } = await stream.next();
    server.fake.set({ engine: true });
    expect(await stream.next()).toMatchObject({ id, data: { engine: { running: true } } });
    const again = await openStream(server, id);
    expect(await again.next()).toMatchObject({ id, data: { engine: { running: true } } });
  });

  test("says what is wrong while the workspace can't be read, and goes on when it can", async () => {
    const server = await start();
    const stream = await openStream(server);
    await stream.next();
    server.fake.breakWith({ code: "sequence.empty", file: "sequence.yaml" });
    expect(await stream.next()).toMatchObject({
      id: undefined,
      event: "problem",
      data: { code: "sequence.empty" },
    });
    server.fake.breakWith(undefined);
    const { id = "", event } = await stream.next();
    expect(event).toBe("status");
    // Whoever saw the trouble and then lost the connection comes back with the id of before it.
    const again = await openStream(server, id);
    expect(await again.next()).toMatchObject({ id, event: "status" });
  });

  test("notices by itself what nobody told it", async () => {
    const server = await start({ feed: { pollMs: 5 } });
    const stream = await openStream(server);
    await stream.next();
    const watch = server.session.workspace.watch;
    server.session.workspace.watch = () => ({ close: () => undefined });
    const deaf = await openStream(server);
    await deaf.next();
    server.fake.append(1);
    expect((await deaf.next()).event).toBe("facts");
    server.session.workspace.watch = watch;
  });

  test("says that it lives when there is nothing to say", async () => {
    const server = await start({ feed: { keepAliveMs: 5 } });
    const stream = await openStream(server);
    const blocks = [await stream.block(), await stream.block(), await stream.block(), await stream.block()];
    expect(blocks[0]).toBe("retry: 1000");
    expect(blocks).toContain(": keep-alive");
  });
});

describe("streams together", () => {
  test("look at the workspace once for all, and not at all when the last one has gone", async () => {
    const server = await start();
    const streams = await Promise.all(Array.from({ length: 20 }, () => openStream(server)));
    for (const stream of streams) await stream.next();
    expect(server.session.feed.size()).toBe(20);
    expect(server.fake.watchers()).toBe(1);
    const before = server.fake.asked.length;
    server.fake.append(1);
    for (const stream of streams) expect((await stream.next()).event).toBe("facts");
    expect(server.fake.asked.slice(before).filter(({ view }) => view === "status")).toHaveLength(1);
    for (const stream of streams) stream.close();
    await until(() => server.session.feed.size() === 0);
    expect(server.fake.watchers()).toBe(0);
  });

  test("are limited in number", async () => {
    const server = await start({ feed: { maxClients: 3 } });
    const streams = await Promise.all([openStream(server), openStream(server), openStream(server)]);
    const fourth = await server.get("/api/status/stream");
    expect(fourth.status).toBe(429);
    streams[0]?.close();
    await until(() => server.session.feed.size() === 2);
    expect((await openStream(server)).answer.status).toBe(200);
  });

  test("end with the server", async () => {
    const server = await openServer();
    const stream = await openStream(server);
    await stream.next();
    await server.close();
    expect(server.session.feed.size()).toBe(0);
    await expect(stream.next()).rejects.toThrow();
  });

  test("are not held up by one that stops reading: it is cut off, and its backlog with it", async () => {
    const server = await start();
    const stalled = connect(server.port, "127.0.0.1");
    const cut = new Promise((resolve) => stalled.on("error", resolve).on("close", resolve));
    stalled.pause();
    stalled.write(
      `GET /api/status/stream HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`,
    );
    await until(() => server.session.feed.size() === 1);
    const reader = await openStream(server);
    let last = await reader.next();
    for (let round = 0; server.session.feed.size() === 2; round++) {
      server.fake.set({ padding: `${round}`.padEnd(64 * 1024) });
      const { padding } = last.data;
      while (last.data.padding === padding) last = await reader.next();
      // Some twenty megabytes are far more than every buffer between holds.
      expect(round).toBeLessThan(400);
    }
    server.fake.append(1);
    expect((await reader.next()).event).toBe("facts");
    stalled.resume();
    await cut;
  });
});
