import { renderFailure } from "../../core/failure-table";
import { thrownFailure } from "../../core/failure-thrown";
import type { Json } from "../../core/json";
import { err, ok, type Result } from "../../core/result";
import { type Client, type Connection, openClient } from "./feed-client";
import { refuse } from "./refusal";
import { eventId, frame, type Position, positionOf } from "./status-events";
import type { Workspace } from "./visit";

/** One state of the workspace as the stream tells it. */
export interface Shot {
  /** Counts the states, to tell whether a client has seen this one. */
  version: number;
  /** Absent while the workspace can't be read. */
  id: string | undefined;
  position: Position | undefined;
  /** Whether something changed that the id does not name, such as whether the engine lives. */
  isVariant: boolean;
  /** The event, ready to be sent. */
  bytes: Uint8Array;
}

/** The stream of status documents, and of which conversations have changed: read once for all clients, and not at all while there is none. */
export interface StatusFeed {
  /** A new client's stream. */
  open(lastEventId: string | null, connection: Connection): Result<ReadableStream<Uint8Array>>;
  /** Looks at once, after a change that was made here; every other one is noticed by watching the files. */
  look(): void;
  /** How many clients there are. */
  size(): number;
  close(): void;
}

/** How often the feed looks without being told, how often it says that it lives, and how many clients it has. */
export interface FeedLimits {
  pollMs: number;
  keepAliveMs: number;
  maxClients: number;
}

const LIMITS: FeedLimits = { pollMs: 5000, keepAliveMs: 15_000, maxClients: 200 };

/** After so long without a look, in ms, a change is the first of those that belong together. */
const calmMs = 50;
/** How long more is waited for, in ms, after the first change and after each other. */
const [firstMs, nextMs] = [2, 10];

/** Opens the feed of a workspace. */
export function statusFeed(
  workspace: Pick<Workspace, "query" | "watch" | "watchChats">,
  limits: FeedLimits = LIMITS,
): StatusFeed {
  const encoder = new TextEncoder();
  const clients = new Set<Client>();
  const ask = asker(workspace);
  let shot: Shot | undefined;
  let lastId: string | undefined;
  let text = "";
  let reading: Promise<void> | undefined;
  let queued: Promise<void> | undefined;
  let stop: (() => void) | undefined;
  /** When the last look ended. */
  let looked = 0;

  /** Takes a new shot; two calls during one reading share the next one, which sees what both want seen. */
  function refresh(): Promise<void> {
    if (!reading) {
      reading = read().finally(() => {
        looked = performance.now();
        reading = undefined;
      });
      return reading;
    }
    queued ??= reading.then(() => {
      queued = undefined;
      return refresh();
    });
    return queued;
  }

  async function read(): Promise<void> {
    const status = await ask("status", {});
    const value = status.ok ? (status.value as { [key: string]: Json }) : undefined;
    const id = value && eventId(value);
    // By the last valid definition one still sees how things stand; that the file is broken has to be seen as well.
    const isWarned = ((value?.warnings ?? []) as Json[]).length > 0;
    const definition = isWarned ? await ask("sequence", {}) : status;
    const event =
      (status.ok ? frame("status", status.value as Json, id) : "") +
      (definition.ok ? "" : frame("problem", renderFailure(definition.failure).body as Json));
    if (event !== text) {
      text = event;
      const isVariant = id !== undefined && id === lastId;
      lastId = id ?? lastId;
      const version = (shot?.version ?? 0) + 1;
      shot = { version, id, position: value && positionOf(value), isVariant, bytes: encoder.encode(event) };
    }
    for (const client of clients) client.show(shot as Shot);
  }

  function start(): () => void {
    const look = () => void refresh();
    // What comes out of the blue is shown at once; where much happens, what belongs together is looked at together.
    const watcher = workspace.watch(look, () => (performance.now() - looked > calmMs ? firstMs : nextMs));
    const chats = workspace.watchChats((conversations) => {
      const bytes = encoder.encode(frame("chat", { conversations }));
      for (const client of clients) client.tell(bytes);
    });
    const poll = setInterval(() => {
      look();
      chats.look();
    }, limits.pollMs);
    const beat = setInterval(() => {
      for (const client of clients) client.beat();
    }, limits.keepAliveMs);
    return () => {
      watcher.close();
      chats.close();
      clearInterval(poll);
      clearInterval(beat);
    };
  }

  function leave(client: Client): void {
    clients.delete(client);
    if (clients.size > 0) return;
    stop?.();
    stop = undefined;
  }

  return {
    open: (lastEventId, connection) => {
      if (clients.size >= limits.maxClients) {
        return err(refuse(429, `there are already ${limits.maxClients} streams; close a window`));
      }
      const { client, stream } = openClient({
        lastEventId,
        connection,
        leave,
        facts: (from) => factsAfter(ask, from),
      });
      clients.add(client);
      stop ??= start();
      if (connection.gone.aborted) client.end();
      else connection.gone.addEventListener("abort", client.end, { once: true });
      void refresh();
      return ok(stream);
    },
    look: () => {
      if (clients.size > 0) void refresh();
    },
    size: () => clients.size,
    close: () => {
      for (const client of clients) client.end();
    },
  };
}

type Ask = Workspace["query"];

/** Asks without ever throwing: a bug in a view must not end the stream that would show it. */
function asker(workspace: Pick<Workspace, "query">): Ask {
  return async (view, input) => {
    try {
      return await workspace.query(view, input);
    } catch (error) {
      console.error(error);
      return err(thrownFailure(error));
    }
  };
}

async function factsAfter(ask: Ask, { run, seq }: Position): Promise<Json[] | undefined> {
  const events = await ask("events", { run, after: seq });
  return events.ok ? (events.value as { facts: Json[] }).facts : undefined;
}
