import type { Refusal } from "../state/api";
import { readRefusal } from "../state/api";
import { SseParser } from "../state/sse";
import type { ChatRecord } from "./wire";

/** What following an answer needs, and whom it tells. `wait` is replaceable for tests. */
interface FollowOptions {
  /** An answer whose stream is open already. */
  first?: Response | undefined;
  /** Number of the last event that is known. */
  after: number;
  /** Opens the stream again behind an event; undefined when the server can't be reached. */
  resume(after: number): Promise<Response | undefined>;
  onRecord(record: ChatRecord): void;
  onLine(line: "live" | "reconnecting"): void;
  signal: AbortSignal;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

const backoffMs = { first: 400, most: 8000 };

/** Reads an answer to its end, coming back behind the last event as often as the line breaks; a refusal ends it too. */
export async function follow(options: FollowOptions): Promise<Refusal | undefined> {
  const { signal, wait } = options;
  let after = options.after;
  let next = options.first;
  let failures = 0;
  while (!signal.aborted) {
    const response = next ?? (await options.resume(after));
    next = undefined;
    if (signal.aborted) {
      letGo(response);
      return undefined;
    }
    if (response && !response.ok) return readRefusal(response.status, await response.text());
    if (response?.body) {
      options.onLine("live");
      const end = await readRecords(response.body, signal, (record) => {
        if (record.n <= after) return;
        after = record.n;
        failures = 0;
        options.onRecord(record);
      });
      if (end === "over") return undefined;
    }
    if (signal.aborted) return undefined;
    options.onLine("reconnecting");
    await wait(Math.min(backoffMs.most, backoffMs.first * 2 ** failures), signal);
    failures += 1;
  }
  return undefined;
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** Streams that nobody listens to any more, the oldest first. */
const left: Reader[] = [];
/** A browser has few lines to a server; whoever leaves more answers than that while they are given cuts off the oldest. */
const mostLeft = 2;

/**
 * Reads one stream; "over" once the answer has ended, "broken" if the stream did before. What nobody wants any more is read to
 * its end all the same: to a browser a stream that is left is a request that failed.
 */
async function readRecords(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  take: (record: ChatRecord) => void,
): Promise<"over" | "broken"> {
  const reader = body.getReader();
  const leave = () => forget(reader);
  if (signal.aborted) leave();
  else signal.addEventListener("abort", leave, { once: true });
  const decoder = new TextDecoder();
  const parser = new SseParser();
  try {
    for (;;) {
      const piece = await reader.read().catch(() => undefined);
      if (!piece || piece.done || signal.aborted) return "broken";
      for (const { name, data, id } of parser.push(decoder.decode(piece.value, { stream: true }))) {
        const type = name as ChatRecord["type"];
        take({ n: Number(id.split(".")[1]), ts: "", type, data: JSON.parse(data) });
        if (type === "done" || type === "error") return "over";
      }
    }
  } finally {
    signal.removeEventListener("abort", leave);
    if (!signal.aborted) void drain(reader);
  }
}

/** Reads what is left of an answer that is over, or that nobody wants any more, and forgets it. */
async function drain(reader: Reader): Promise<void> {
  for (;;) {
    const piece = await reader.read().catch(() => undefined);
    if (!piece || piece.done) return;
  }
}

/** Goes on reading for nobody, unless that is done of others already. */
function forget(reader: Reader): void {
  left.push(reader);
  if (left.length > mostLeft)
    void left
      .shift()
      ?.cancel()
      .catch(() => undefined);
  void drain(reader).then(() => {
    const at = left.indexOf(reader);
    if (at >= 0) left.splice(at, 1);
  });
}

/** Lets go of an answer that came when nobody waited for it any more. */
export function letGo(response: Response | undefined): void {
  if (response?.body) forget(response.body.getReader());
}

/** Waits; an abort ends the wait early, without an error. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    function end() {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    }
    signal.addEventListener("abort", end);
  });
}
