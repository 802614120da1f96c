import { expect, test } from "bun:test";
import { openSharedStream, type Tabs } from "../../components/state/shared-stream";
import { until } from "../rig/deadline";

/** A browser played by the test: its lock goes from tab to tab in order, its channels reach every tab but the one that speaks. */
function playBrowser() {
  const queue: { signal: AbortSignal; lead: () => Promise<void> }[] = [];
  let isHeld = false;
  const next = async (): Promise<void> => {
    const first = isHeld ? undefined : queue.shift();
    if (!first) return;
    if (!first.signal.aborted) {
      isHeld = true;
      await first.lead();
      isHeld = false;
    }
    return next();
  };
  type Port = { onmessage: ((event: MessageEvent) => void) | null };
  const ports = new Set<Port>();
  const tabs: Tabs = {
    lock: (_, signal, lead) => {
      queue.push({ signal, lead });
      void next();
    },
    channel: () => {
      const port: Port & ReturnType<Tabs["channel"]> = {
        onmessage: null,
        postMessage: (data: unknown) => {
          for (const other of ports) if (other !== port) other.onmessage?.({ data } as MessageEvent);
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
  return { openTab, requests };
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

const status = (id: number) => `id: r.${id}.a\nevent: status\ndata: {"seq":${id}}\n\n`;

test("many tabs open one stream, and all of them are told what it says", async () => {
  const { openTab, requests } = playBrowser();
  const tabs = Array.from({ length: 9 }, () => openTab());
  expect(requests.length).toBe(1);
  const { response, say } = saying();
  requests[0]?.answer(response);
  say(status(1));
  await until("the last tab to see it", () => tabs.at(-1)?.seen.includes('status {"seq":1}'));
  for (const { seen } of tabs) expect(seen.slice(-2)).toEqual(["live", 'status {"seq":1}']);
  expect(requests.length).toBe(1);
});

test("a tab that comes later is told how everything stands", async () => {
  const { openTab, requests } = playBrowser();
  const first = openTab();
  const { response, say } = saying();
  requests[0]?.answer(response);
  say(`${status(7)}event: facts\ndata: []\n\n`);
  await until("the first to see it", () => first.seen.some((text) => text.startsWith("facts")));
  expect(openTab().seen).toEqual(["live", 'status {"seq":7}']);
});

test("a tab that comes while something is wrong is told the last status, and what is wrong since", async () => {
  const { openTab, requests } = playBrowser();
  const first = openTab();
  const { response, say } = saying();
  requests[0]?.answer(response);
  say(`${status(7)}event: problem\ndata: {}\n\n`);
  await until("the first to see it", () => first.seen.includes("problem {}"));
  expect(openTab().seen).toEqual(["live", 'status {"seq":7}', "problem {}"]);
  say(status(8));
  await until("the first to see it mended", () => first.seen.includes('status {"seq":8}'));
  expect(openTab().seen).toEqual(["live", 'status {"seq":8}']);
});

test("when the tab that reads goes, another takes its place; whoever waits and goes leaves no trace", async () => {
  const { openTab, requests } = playBrowser();
  const [first, second, third] = [openTab(), openTab(), openTab()];
  second?.stream.close();
  first?.stream.close();
  await until("the next stream", () => requests.length === 2);
  expect(requests[0]?.signal.aborted).toBe(true);
  const { response, say } = saying();
  requests[1]?.answer(response);
  say(status(2));
  await until("the third to see it", () => third?.seen.includes('status {"seq":2}'));
  expect(second?.seen).not.toContain('status {"seq":2}');
});

test("a token that the server no longer knows ends one tab, and the next tries its own", async () => {
  const { openTab, requests } = playBrowser();
  const [old, fresh] = [openTab("old"), openTab("fresh")];
  requests[0]?.answer(new Response("{}", { status: 401 }));
  await until("the next stream", () => requests.length === 2);
  expect(requests.map(({ token }) => token)).toEqual(["old", "fresh"]);
  expect(old?.seen).toContain("refused 401");
  expect(fresh?.seen).not.toContain("refused 401");
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
