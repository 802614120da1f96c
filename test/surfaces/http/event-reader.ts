import type { TestServer } from "./harness";

/** One server-sent event as a client sees it. */
export interface ServerEvent {
  id: string | undefined;
  event: string;
  data: { [key: string]: unknown };
}

/** Reads the status stream, or another one, as a browser would, event by event. */
export async function openStream(server: TestServer, lastEventId?: string, path = "/api/status/stream") {
  const abort = new AbortController();
  const headers = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
  const answer = await server.get(path, headers, abort.signal);
  const blocks = readBlocks(answer);
  return {
    answer,
    /** The next event; comments and the retry hint are passed over. */
    next: async (): Promise<ServerEvent> => {
      for (;;) {
        const { value, done } = await blocks.next();
        if (done) throw new Error("the stream ended");
        const fields = Object.fromEntries(
          value.split("\n").map((line) => line.split(/: (.*)/s) as [string, string]),
        );
        if (fields.event)
          return { id: fields.id, event: fields.event, data: JSON.parse(fields.data ?? "null") };
      }
    },
    /** The next block as it was sent, comments included. */
    block: async () => (await blocks.next()).value,
    close: () => abort.abort(),
  };
}

async function* readBlocks(answer: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      yield text.slice(0, end);
      text = text.slice(end + 2);
    }
  }
}

/** Waits until something has become true, turn by turn of the event loop. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
