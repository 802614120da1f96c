import type { Json } from "../../core/json";
import { frame, type Position, readPosition } from "./status-events";
import type { Shot } from "./status-feed";

/** What a client may leave unread before it is let go; it comes back with Last-Event-ID. */
const MAX_BACKLOG_BYTES = 256 * 1024;

/** One reader of the status feed. */
export interface Client {
  /** Tells the client the newest state, unless it has seen it. */
  show(shot: Shot): void;
  /** Tells the client what is no part of the state. */
  tell(bytes: Uint8Array): void;
  /** Tells the client and everything between that the stream lives. */
  beat(): void;
  end(): void;
}

/** The connection that carries a stream. */
export interface Connection {
  gone: AbortSignal;
  /** Closes it at once; without that a reader that stands still would keep its backlog alive. */
  drop(): void;
}

/** What a client needs of the feed. */
interface ClientPorts {
  lastEventId: string | null;
  connection: Connection;
  leave: (client: Client) => void;
  /** The journal's facts after a place in a run; undefined if they can't be had now. */
  facts: (from: Position) => Promise<Json[] | undefined>;
}

/** Opens a client's stream: the facts it missed, then the state, and again at every change. */
export function openClient(ports: ClientPorts): { client: Client; stream: ReadableStream<Uint8Array> } {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let position = readPosition(ports.lastEventId);
  let known: string | null | undefined = ports.lastEventId;
  let seen = 0;
  let newest: Shot | undefined;
  let isBusy = false;
  let isOpen = true;

  function leave(): void {
    isOpen = false;
    ports.leave(client);
  }

  function send(bytes: Uint8Array): void {
    if (!isOpen) return;
    if ((controller.desiredSize ?? 0) > 0) {
      controller.enqueue(bytes);
      return;
    }
    leave();
    controller.error(new Error("the client reads too slowly"));
    ports.connection.drop();
  }

  /** Sends what is new, one state after another; states that pass meanwhile are skipped, their facts are not. */
  async function catchUp(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    while (isOpen && newest && newest.version !== seen) {
      const shot = newest;
      const facts = await missed(shot.position);
      if (facts?.length) send(encoder.encode(frame("facts", { run: shot.position?.run ?? null, facts })));
      if (shot.isVariant || shot.id === undefined || shot.id !== known) send(shot.bytes);
      seen = shot.version;
      known = shot.id;
      if (facts && shot.position) position = shot.position;
    }
    isBusy = false;
  }

  /** Facts between the client's place and a state; none for a client that just came, for it learns the state whole. */
  async function missed(now: Position | undefined): Promise<Json[] | undefined> {
    if (!now?.run || !position) return [];
    const isSameRun = position.run === now.run;
    if (!isSameRun && seen === 0) return [];
    const from = isSameRun ? position.seq : 0;
    if (from >= now.seq) return [];
    const facts = await ports.facts({ run: now.run, seq: from });
    return facts?.filter((fact) => (fact as { seq: number }).seq <= now.seq);
  }

  const client: Client = {
    show: (shot) => {
      newest = shot;
      void catchUp();
    },
    tell: send,
    beat: () => send(encoder.encode(": keep-alive\n\n")),
    end: () => {
      if (!isOpen) return;
      leave();
      controller.close();
    },
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given;
        controller.enqueue(encoder.encode("retry: 1000\n\n"));
      },
      cancel: leave,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_BACKLOG_BYTES }),
  );
  return { client, stream };
}
