import { expect, test } from "bun:test";
import type { StreamEvent } from "../../components/state/sse";
import { type Connection, openStream } from "../../components/state/stream";

/** A server played by the test: it hands out each request, and answers when told. */
function play() {
  const events: StreamEvent[] = [];
  const states: Connection[] = [];
  const refusals: number[] = [];
  const waits: { ms: number; over: () => void; signal: AbortSignal }[] = [];
  const requests: { headers: Record<string, string>; signal: AbortSignal; answer: (r: Response) => void }[] =
    [];
  const wanted: { when: () => boolean; go: () => void }[] = [];
  const told = () => {
    for (const each of wanted.splice(0)) each.when() ? each.go() : wanted.push(each);
  };
  const stream = openStream({
    url: "/api/status/stream",
    token: "t0",
    onEvent: (event) => {
      events.push(event);
      told();
    },
    onConnection: (state) => {
      if (states.at(-1) !== state) states.push(state);
      told();
    },
    onRefused: (status) => {
      refusals.push(status);
      told();
      return status !== 401;
    },
    fetch: (_url, init) =>
      new Promise((answer, fail) => {
        const signal = init.signal as AbortSignal;
        signal.addEventListener("abort", () => fail(signal.reason));
        requests.push({ headers: init.headers as Record<string, string>, signal, answer });
        told();
      }),
    wait: (ms, signal) =>
      new Promise((over) => {
        signal.addEventListener("abort", () => over());
        waits.push({ ms, over, signal });
        told();
      }),
  });
  const until = (when: () => boolean) =>
    new Promise<void>((go) => {
      if (when()) go();
      else wanted.push({ when, go });
    });
  return { stream, events, states, refusals, waits, requests, until };
}

function body() {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const readable = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
  });
  return {
    response: new Response(readable),
    send: (text: string) => controller.enqueue(new TextEncoder().encode(text)),
    bytes: (bytes: Uint8Array) => controller.enqueue(bytes),
    end: () => controller.close(),
    fail: () => controller.error(new Error("gone")),
  };
}

/** The pauses between connections, without the watch for silence. */
const pauses = (all: { ms: number }[]) => all.filter(({ ms }) => ms < 30_000);

test("it sends the token, gives events as they come, and resumes after the last id when the stream ends", async () => {
  const it = play();
  await it.until(() => it.requests.length === 1);
  expect(it.requests[0]?.headers).toEqual({ accept: "text/event-stream", authorization: "Bearer t0" });
  const first = body();
  it.requests[0]?.answer(first.response);
  first.send("id: r.4.aa\nevent: sta");
  first.send("tus\ndata: one\n\n");
  await it.until(() => it.events.length === 1);
  expect(it.states).toEqual(["connecting", "live"]);

  first.end();
  await it.until(() => pauses(it.waits).length === 1);
  expect(it.states.at(-1)).toBe("reconnecting");
  it.waits.find(({ ms }) => ms < 30_000)?.over();
  await it.until(() => it.requests.length === 2);
  expect(it.requests[1]?.headers["last-event-id"]).toBe("r.4.aa");
  const second = body();
  it.requests[1]?.answer(second.response);
  await it.until(() => it.states.at(-1) === "live");
  it.stream.close();
});

test("a character that arrives in two pieces stays whole", async () => {
  const it = play();
  await it.until(() => it.requests.length === 1);
  const one = body();
  it.requests[0]?.answer(one.response);
  const bytes = new TextEncoder().encode("data: 😀\n\n");
  one.bytes(bytes.slice(0, 8));
  one.bytes(bytes.slice(8));
  await it.until(() => it.events.length === 1);
  expect(it.events[0]?.data).toBe("😀");
  it.stream.close();
});

test("it waits longer after each failure, up to a limit, and starts over after an event", async () => {
  const it = play();
  for (let i = 0; i < 7; i++) {
    await it.until(() => it.requests.length === i + 1);
    const broken = body();
    it.requests[i]?.answer(broken.response);
    broken.fail();
    await it.until(() => pauses(it.waits).length === i + 1);
    it.waits.findLast(({ ms }) => ms < 30_000)?.over();
  }
  const waited = pauses(it.waits).map(({ ms }) => ms);
  const full = [500, 1000, 2000, 4000, 8000, 8000, 8000];
  waited.forEach((ms, i) => {
    expect(ms).toBeGreaterThanOrEqual((full[i] ?? 0) * 0.75);
    expect(ms).toBeLessThanOrEqual(full[i] ?? 0);
  });
  await it.until(() => it.requests.length === 8);
  const good = body();
  it.requests[7]?.answer(good.response);
  good.send("data: x\n\n");
  await it.until(() => it.events.length === 1);
  good.end();
  await it.until(() => pauses(it.waits).length === 8);
  expect(pauses(it.waits).at(-1)?.ms).toBeLessThanOrEqual(500);
  it.stream.close();
});

test("silence for longer than the server's heartbeat counts as a broken line", async () => {
  const it = play();
  await it.until(() => it.requests.length === 1);
  it.requests[0]?.answer(body().response);
  await it.until(() => it.waits.some(({ ms }) => ms > 15_000));
  it.waits.find(({ ms }) => ms > 15_000)?.over();
  await it.until(() => it.states.at(-1) === "reconnecting");
  expect(it.requests[0]?.signal.aborted).toBe(true);
  it.stream.close();
});

test("hurrying ends the pause between two connections", async () => {
  const it = play();
  await it.until(() => it.requests.length === 1);
  const one = body();
  it.requests[0]?.answer(one.response);
  one.end();
  await it.until(() => pauses(it.waits).length === 1);
  it.stream.hurry();
  await it.until(() => it.requests.length === 2);
  it.stream.close();
});

test("a refusal is told and tried again, but an unknown token ends it", async () => {
  const it = play();
  await it.until(() => it.requests.length === 1);
  it.requests[0]?.answer(new Response("busy", { status: 503 }));
  await it.until(() => pauses(it.waits).length === 1);
  it.stream.hurry();
  await it.until(() => it.requests.length === 2);
  it.requests[1]?.answer(new Response("no", { status: 401 }));
  await it.until(() => it.refusals.length === 2);
  expect(it.refusals).toEqual([503, 401]);
  expect(it.requests).toHaveLength(2);
});

test("closing ends the connection under way", async () => {
  const it = play();
  await it.until(() => it.requests.length === 1);
  it.stream.close();
  expect(it.requests[0]?.signal.aborted).toBe(true);
});
