import type { StreamEvent } from "./sse";
import { type Connection, openStream, type Stream, type StreamOptions } from "./stream";

/** What the tab that reads says to the others, and what they ask of it. */
type Word =
  | { type: "event"; event: StreamEvent }
  | { type: "connection"; connection: Connection }
  | { type: "refused"; status: number; body: string }
  | { type: "asked" }
  | { type: "here" }
  | { type: "hurry" };

/** What a browser lends: one lock for all its tabs, and a channel between them. */
export interface Tabs {
  /** A name that only tabs with the same token at the same address come to; it tells nothing of the token. */
  nameOf(token: string): Promise<string>;
  /** Calls `lead` once this tab is the one that holds the lock, and holds it until the promise ends or the signal comes. */
  lock(name: string, signal: AbortSignal, lead: () => Promise<void>): void;
  channel(name: string): Pick<BroadcastChannel, "postMessage" | "close" | "onmessage">;
}

/**
 * One stream for all tabs of a session, as a browser opens few connections to a server at once: one tab reads and tells
 * the others; when it goes, another takes its place and begins with the whole state.
 */
export function openSharedStream(options: StreamOptions, tabs: Tabs | undefined = browserTabs()): Stream {
  if (!tabs) return openStream(options);
  let joined: Stream | undefined;
  let isOver = false;
  void tabs.nameOf(options.token).then((name) => {
    if (!isOver) joined = join(options, tabs, name);
  });
  return {
    close: () => {
      isOver = true;
      joined?.close();
    },
    hurry: () => joined?.hurry(),
  };
}

function join(options: StreamOptions, tabs: Tabs, name: string): Stream {
  const over = new AbortController();
  const channel = tabs.channel(name);
  let own: Stream | undefined;
  /** The last state, and what is wrong since then: whoever comes later is told both. */
  let state: Word | undefined;
  let since: Word | undefined;
  let standing: Connection = "connecting";
  /** Whether another tab was ever heard: without one, nobody need be told the large states. */
  let isAlone = true;
  const say = (word: Word) => channel.postMessage(word);
  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    isAlone = false;
    if (own) {
      if (data.type === "hurry") own.hurry();
      if (data.type === "asked") {
        say({ type: "connection", connection: standing });
        for (const word of [state, since]) if (word) say(word);
      }
    } else if (data.type === "asked") say({ type: "here" });
    else if (data.type === "event") options.onEvent(data.event);
    else if (data.type === "connection") options.onConnection(data.connection);
    else if (data.type === "refused") options.onRefused(data.status, data.body);
  };
  const lead = () =>
    new Promise<void>((resolve) => {
      if (over.signal.aborted) return resolve();
      own = openStream({
        ...options,
        onEvent: (event) => {
          // Facts and news of the chat are told once; who comes later is told the state that holds them, and looks there.
          const word: Word = { type: "event", event };
          if (event.name === "status") [state, since] = [word, undefined];
          else if (event.name === "problem") since = word;
          options.onEvent(event);
          if (!isAlone) say(word);
        },
        onConnection: (connection) => {
          standing = connection;
          // Whoever is let in again is no longer refused.
          if (connection === "live" && since?.type === "refused") since = undefined;
          options.onConnection(connection);
          say({ type: "connection", connection });
        },
        onRefused: (status, body) => {
          const goesOn = options.onRefused(status, body);
          if (goesOn) {
            since = { type: "refused", status, body };
            say(since);
          }
          // The others learn by themselves that the token is known no more.
          else resolve();
          return goesOn;
        },
      });
      over.signal.addEventListener("abort", () => resolve(), { once: true });
    }).finally(() => {
      own = undefined;
    });
  tabs.lock(name, over.signal, lead);
  say({ type: "asked" });
  return {
    close: () => {
      own?.close();
      over.abort();
      channel.close();
    },
    hurry: () => (own ? own.hurry() : say({ type: "hurry" })),
  };
}

/** The browser's own locks and channels; undefined where it has none. */
function browserTabs(): Tabs | undefined {
  const locks = globalThis.navigator?.locks;
  if (!locks) return undefined;
  return {
    nameOf: async (token) => {
      const bytes = new TextEncoder().encode(`${location.origin} ${token}`);
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      return `threados.stream.${Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    },
    // A tab that closes while it waits gives up its place; that is no fault.
    lock: (wanted, signal, lead) => void locks.request(wanted, { signal }, lead).catch(() => undefined),
    channel: (wanted) => new BroadcastChannel(wanted),
  };
}
