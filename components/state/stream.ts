import { SseParser, type StreamEvent } from "./sse";

/** How the page stands with the server. */
export type Connection = "connecting" | "live" | "reconnecting";

/** What a stream needs and whom it tells. `fetch` and `wait` are replaceable for tests. */
export interface StreamOptions {
  url: string;
  token: string;
  onEvent(event: StreamEvent): void;
  onConnection(connection: Connection): void;
  /** The server answered, but with a refusal. Return false to give up. */
  onRefused(status: number, body: string): boolean;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A stream under way. */
export interface Stream {
  close(): void;
  /** Tries again at once, when there is reason to hope (the network is back, the tab is seen again). */
  hurry(): void;
}

/** The server says something every 15 s; silence for longer means that the line is dead without saying so. */
const silenceMs = 40_000;
const backoffMs = { first: 500, most: 8000 };

/** Reads a server-sent stream with `fetch` (EventSource can't send a token), for ever: it reconnects and resumes by id. */
export function openStream(options: StreamOptions): Stream {
  const wait = options.wait ?? sleep;
  const over = new AbortController();
  let nap = new AbortController();
  let lastId = "";
  let failures = 0;

  const take = (event: StreamEvent) => {
    failures = 0;
    lastId = event.id;
    options.onEvent(event);
  };
  const live = async () => {
    options.onConnection(failures === 0 && lastId === "" ? "connecting" : "reconnecting");
    while (!over.signal.aborted) {
      if (!(await connectOnce(options, wait, lastId, over.signal, take)) || over.signal.aborted) return;
      options.onConnection("reconnecting");
      nap = new AbortController();
      const pause = Math.min(backoffMs.most, backoffMs.first * 2 ** failures);
      failures += 1;
      await wait(pause * (0.75 + Math.random() / 4), AbortSignal.any([nap.signal, over.signal]));
    }
  };
  void live();
  return { close: () => over.abort(), hurry: () => nap.abort() };
}

/** One connection from its start to its end; whether another one is worth trying. */
async function connectOnce(
  options: StreamOptions,
  wait: NonNullable<StreamOptions["wait"]>,
  lastId: string,
  over: AbortSignal,
  take: (event: StreamEvent) => void,
): Promise<boolean> {
  const line = new AbortController();
  const signal = AbortSignal.any([line.signal, over]);
  const headers: Record<string, string> = {
    accept: "text/event-stream",
    authorization: `Bearer ${options.token}`,
  };
  if (lastId) headers["last-event-id"] = lastId;
  const request = (options.fetch ?? fetch)(options.url, { headers, signal, cache: "no-store" });
  const response = await request.catch(() => undefined);
  if (!response) return true;
  if (!response.ok || !response.body) {
    const body = await response.text().catch(() => "");
    return options.onRefused(response.status, body);
  }
  options.onConnection("live");
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const parser = new SseParser();
  for (;;) {
    const piece = await readOrSilence(reader, wait);
    if (!piece) break;
    for (const event of parser.push(decoder.decode(piece, { stream: true }))) take(event);
  }
  line.abort();
  return true;
}

/** The next piece; undefined when the stream ended, broke, or has been silent for too long. */
async function readOrSilence(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  wait: NonNullable<StreamOptions["wait"]>,
): Promise<Uint8Array | undefined> {
  const heard = new AbortController();
  const read = reader.read().then(
    (piece) => (piece.done ? undefined : piece.value),
    () => undefined,
  );
  const silence = wait(silenceMs, heard.signal).then(() => undefined);
  const piece = await Promise.race([read, silence]);
  heard.abort();
  return piece;
}

/** Waits; an abort ends the wait early, without an error. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
