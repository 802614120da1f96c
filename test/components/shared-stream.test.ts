import { expect, test } from "bun:test";
import { openSharedStream, type Tabs } from "../../components/state/shared-stream";
import { until } from "../rig/deadline";

/** A lock as browsers have them: it goes from one to the other, in the order in which they asked; or to the newest once all have. */
function playLock(toNewest: boolean) {
  const queue: { signal: AbortSignal; lead: () => Promise<void> }[] = [];
  let isHeld = false;
  const next = async (): Promise<void> => {
    const first = isHeld ? undefined : toNewest ? queue.pop() : queue.shift();
    if (!first) return;
    if (!first.signal.aborted) {
      isHeld = true;
      await first.lead();
      isHeld = false;
    }
    return next();
  };
  return (signal: AbortSignal, lead: () => Promise<void>) => {
    queue.push({ signal, lead });
    if (toNewest) setImmediate(() => void next());
    else void next();
  };
}

/** A browser played by the test: a lock of each name, and channels that reach every tab but the one that speaks. */
function playBrowser({ toNewest = false } = {}) {
  const locks = new Map<string, ReturnType<typeof playLock>>();
  type Port = { name: string; onmessage: ((event: MessageEvent) => void) | null };
  const ports = new Set<Port>();
  const said: string[] = [];
  const tabs: Tabs = {
    nameOf: async (token) => `of ${token}`,
    lock: (name, signal, lead) => {
      const lock = locks.get(name) ?? playLock(toNewest);
      locks.set(name, lock);
      lock(signal, lead);
    },
    channel: (name) => {
      const port: Port & ReturnType<Tabs["channel"]> = {
        name,
        onmessage: null,
        postMessage: (data: { type: string }) => {
          said.push(data.type);
          for (const other of ports)
            if (other !== port && other.name === name) other.onmessage?.({ data } as MessageEvent);
        },
        close: () => void ports.delete(port),
      };
      ports.add(port);
      return port;
    },
  };
  const requests: { token: string; answer: (response: Response) => void; signal: AbortSignal }[] = [];
  const openTab = (token = "t0") => {
    const seen: string[] = [];
    const stream = openSharedStream(
      {
        url: "/api/status/stream",
        token,
        onEvent: ({ name, data }) => seen.push(`${name} ${data}`),
        onConnection: (connection) => seen.push(connection),
        onRefused: (status) => {
          seen.push(`refused ${status}`);
          return status !== 401;
        },
        fetch: (_url, { signal, headers }) =>
          new Promise((answer, fail) => {
            const given = signal as AbortSignal;
            given.addEventListener("abort", () => fail(given.reason));
            const { authorization = "" } = headers as Record<string, string>;
            requests.push({ token: authorization.replace("Bearer ", ""), answer, signal: given });
          }),
        wait: (_, signal) => new Promise((over) => signal.addEventListener("abort", () => over())),
      },
      tabs,
    );
    return { stream, seen };
  };
  /** The request of that number, once it is made. */
  const request = (number: number) => until("the stream", () => requests[number - 1]);
  return { openTab, requests, request, said };
}

function saying() {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const readable = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
  });
  const say = (text: string) => controller.enqueue(new TextEncoder().encode(text));
  return { response: new Response(readable), say };
}

const sees = (tab: { seen: string[] }, wanted: string[]) =>
  until(wanted.join(", "), () => Bun.deepEquals(tab.seen, wanted) || undefined);

const status = (id: number) => `id: r.${id}.a\nevent: status\ndata: {"seq":${id}}\n\n`;

test("many tabs open one stream, and all of them are told what it says", async () => {
  const { openTab, requests, request } = playBrowser();
  const tabs = Array.from({ length: 9 }, () => openTab());
  const { response, say } = saying();
  (await request(1)).answer(response);
  say(status(1));
  await until("the last tab to see it", () => tabs.at(-1)?.seen.includes('status {"seq":1}'));
  for (const { seen } of tabs) expect(seen.slice(-2)).toEqual(["live", 'status {"seq":1}']);
  expect(requests.length).toBe(1);
});

test("a tab that is alone tells nobody what it sees", async () => {
  const { openTab, request, said } = playBrowser();
  const tab = openTab();
  const { response, say } = saying();
  (await request(1)).answer(response);
  say(status(1));
  await sees(tab, ["connecting", "live", 'status {"seq":1}']);
  expect(said).not.toContain("event");
});

test("who reads tells also a tab that came before it and has the lock after it", async () => {
  const { openTab, requests, request } = playBrowser({ toNewest: true });
  const first = openTab();
  openTab();
  const { response, say } = saying();
  (await request(1)).answer(response);
  say(status(3));
  await until("the first tab to see it", () => first.seen.includes('status {"seq":3}') || undefined);
  expect(requests.length).toBe(1);
});

test("a tab that comes later is told how everything stands", async () => {
  const { openTab, request } = playBrowser();
  const first = openTab();
  const { response, say } = saying();
  (await request(1)).answer(response);
  say(`${status(7)}event: facts\ndata: []\n\n`);
  await until("the first to see it", () => first.seen.some((text) => text.startsWith("facts")));
  await sees(openTab(), ["live", 'status {"seq":7}']);
});

test("a tab that comes while something is wrong is told the last status, and what is wrong since", async () => {
  const { openTab, request } = playBrowser();
  const first = openTab();
  const { response, say } = saying();
  (await request(1)).answer(response);
  say(`${status(7)}event: problem\ndata: {}\n\nevent: chat\ndata: {}\n\n`);
  await until("the first to see it", () => first.seen.includes("chat {}"));
  await sees(openTab(), ["live", 'status {"seq":7}', "problem {}"]);
  say(status(8));
  await until("the first to see it mended", () => first.seen.includes('status {"seq":8}'));
  await sees(openTab(), ["live", 'status {"seq":8}']);
});

test("a tab that comes while the server refuses is told so, until it is let in again", async () => {
  const { openTab, requests, request } = playBrowser();
  const first = openTab();
  (await request(1)).answer(new Response("{}", { status: 503 }));
  await until("the first to see it", () => first.seen.includes("refused 503"));
  await sees(openTab(), ["reconnecting", "refused 503"]);
  first.stream.hurry();
  const { response, say } = saying();
  (await request(2)).answer(response);
  say(status(3));
  await until("the first to see it mended", () => first.seen.includes('status {"seq":3}'));
  await sees(openTab(), ["live", 'status {"seq":3}']);
  expect(requests.length).toBe(2);
});

test("when the tab that reads goes, another takes its place; whoever waits and goes leaves no trace", async () => {
  const { openTab, requests, request } = playBrowser();
  const [first, second, third] = [openTab(), openTab(), openTab()];
  await request(1);
  second?.stream.close();
  first?.stream.close();
  await until("the next stream", () => requests.length === 2);
  expect(requests[0]?.signal.aborted).toBe(true);
  const { response, say } = saying();
  (await request(2)).answer(response);
  say(status(2));
  await until("the third to see it", () => third?.seen.includes('status {"seq":2}'));
  expect(second?.seen).not.toContain('status {"seq":2}');
});

test("tabs of another session read a stream of their own, and hear nothing of this one", async () => {
  const { openTab, request } = playBrowser();
  const [old, fresh] = [openTab("old"), openTab("fresh")];
  const [first, second] = [await request(1), await request(2)];
  expect([first.token, second.token]).toEqual(["old", "fresh"]);
  first.answer(new Response("{}", { status: 401 }));
  const { response, say } = saying();
  second.answer(response);
  say(status(5));
  await until("the other to see it", () => fresh?.seen.includes('status {"seq":5}'));
  await until("the end of the first", () => old?.seen.includes("refused 401"));
  expect(fresh?.seen).not.toContain("refused 401");
  expect(old?.seen).not.toContain('status {"seq":5}');
});

test("a token that the server no longer knows ends one tab, and the next tries for itself", async () => {
  const { openTab, requests, request } = playBrowser();
  const [first, second] = [openTab(), openTab()];
  (await request(1)).answer(new Response("{}", { status: 401 }));
  (await request(2)).answer(new Response("{}", { status: 401 }));
  for (const tab of [first, second]) await until("the end", () => tab?.seen.includes("refused 401"));
  expect(requests.length).toBe(2);
});

test("without locks each tab reads for itself", async () => {
  const asked: string[] = [];
  const stream = openSharedStream(
    {
      url: "/x",
      token: "t",
      onEvent: () => undefined,
      onConnection: (connection) => asked.push(connection),
      onRefused: () => false,
      fetch: async () => new Response("{}", { status: 401 }),
    },
    undefined,
  );
  await until("it to ask", () => asked.includes("connecting"));
  stream.close();
});
