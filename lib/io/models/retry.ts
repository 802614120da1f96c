import type { Failure } from "../../core/failure";
import type { ModelEvent } from "../../runtime/chat-ports";
import { withoutSecrets } from "../secrets";

/** What went wrong with a request, as far as trying again depends on it. */
export interface Trouble {
  /** HTTP status; undefined where the connection broke. */
  status: number | undefined;
  message: string;
  /** How long the server wants to be left alone, in ms. */
  retryAfterMs: number | undefined;
  /** What helps, where trying again can't. */
  remedy?: string;
}

/** An SDK that stands outside the bundle was not found. */
export function missingPackage(error: unknown): Trouble | undefined {
  const { code, message = "" } = error as { code?: string; message?: string };
  const isMissing = code === "ERR_MODULE_NOT_FOUND" || /^Cannot find (?:module|package)/.test(message);
  if (!isMissing) return undefined;
  const name = /['"]([^'"]+)['"]/.exec(message)?.[1] ?? "the provider's package";
  return {
    status: undefined,
    message: `${name} is not installed`,
    retryAfterMs: undefined,
    remedy: "install it beside seqctl (`npm run setup` in a checkout does)",
  };
}

/** The connection ended before the answer did. */
export class CutOff extends Error {
  constructor() {
    super("the connection broke off in the middle of the answer");
  }
}

/** What came is no answer of a model: most often the page of another program that is found at `base_url`. */
export class PageInstead extends Error {}

/** Refuses a web page in an answer's place; to ask for it again would bring it again. */
export function refusePage({ headers }: Response): void {
  if (/^text\/html\b/i.test(headers.get("content-type") ?? "")) throw new PageInstead();
}

/** A web page came in place of an answer. */
export function pageInstead(error: unknown): Trouble | undefined {
  if (!(error instanceof PageInstead)) return undefined;
  const message = "what came is a web page and no answer of a model";
  return { status: undefined, message, retryAfterMs: undefined, remedy: "check base_url in chat.yaml" };
}

/** How often and how long is waited. */
export interface Patience {
  tries: number;
  /** Waits; ends early, without throwing, when the signal does. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  chance(): number;
}

const firstMs = 500;
const mostMs = 20_000;
/** Nobody in a chat waits longer than this; a server that wants it is told of instead. */
const mostPatientMs = 60_000;

/** As it is outside tests. */
export const patience: Patience = {
  tries: 4,
  wait: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done() {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      }
      signal.addEventListener("abort", done, { once: true });
      if (signal.aborted) done();
    }),
  chance: Math.random,
};

const passing = (status: number | undefined) =>
  status === undefined || status === 408 || status === 409 || status === 429 || status >= 500;

/** Requests an answer, again after a pause where that may help; what was said of an answer that broke off is taken back. */
export async function* withRetries(
  attempt: () => AsyncIterable<ModelEvent>,
  troubleOf: (error: unknown) => Trouble,
  who: string,
  signal: AbortSignal,
  { tries, wait, chance }: Patience,
): AsyncGenerator<ModelEvent> {
  let spoke = false;
  for (let time = 1; ; time++) {
    try {
      for await (const event of attempt()) {
        if (signal.aborted) return;
        spoke ||= event.type === "text" || event.type === "use";
        yield event;
      }
      return;
    } catch (error) {
      if (signal.aborted) return;
      const trouble = troubleOf(error);
      const pause = pauseMs(time, trouble, chance());
      if (
        time >= tries ||
        trouble.remedy !== undefined ||
        !passing(trouble.status) ||
        pause > mostPatientMs
      ) {
        const broke = trouble.status === undefined && (spoke || error instanceof CutOff);
        const failure = broke ? brokeOff(who, spoke, time) : failureOf(who, trouble, time);
        yield { type: "failed", failure };
        return;
      }
      await wait(pause, signal);
      if (signal.aborted) return;
      if (spoke) yield { type: "again" };
      spoke = false;
    }
  }
}

/** What the server asks for; else twice as long each time, with some chance so that many don't come back together. */
function pauseMs(time: number, { retryAfterMs }: Trouble, chance: number): number {
  if (retryAfterMs !== undefined) return retryAfterMs;
  return Math.min(firstMs * 2 ** (time - 1), mostMs) * (0.75 + chance / 2);
}

function failureOf(who: string, { status, message, remedy }: Trouble, tries: number): Failure {
  if (remedy !== undefined)
    return { code: "chat.failed", problem: `${who} can't be asked: ${message}`, hint: remedy };
  const hints: Record<number, string> = {
    401: "check the key that chat.yaml names",
    403: "check the key that chat.yaml names, and what it may do",
    404: "check model and base_url in chat.yaml",
    429: "wait a little, or use another model",
    529: "the provider is overloaded; try again later",
  };
  const hint =
    (status === undefined ? "check base_url in chat.yaml and the network" : hints[status]) ??
    "ask again, or use another provider: docs/chat.md";
  // The SDKs put the status before the words.
  const words = shorten(message).replace(new RegExp(`^${status} `), "");
  const what =
    status === undefined ? `did not answer: no connection, ${words}` : `refused: HTTP ${status}, ${words}`;
  return { code: "chat.failed", problem: `${who} ${what}${often(tries)}`, hint };
}

/** It was reached, and there was no whole answer. */
function brokeOff(who: string, spoke: boolean, tries: number): Failure {
  return spoke
    ? {
        code: "chat.failed",
        problem: `${who} broke off in the middle of the answer${often(tries)}`,
        hint: "ask again; if it goes on, its own log may say why",
      }
    : {
        code: "chat.failed",
        problem: `${who} ended the answer before it had said anything${often(tries)}`,
        hint: "check base_url in chat.yaml; its own log may say why",
      };
}

const often = (tries: number) => (tries > 1 ? ` (tried ${tries} times)` : "");

/** What the program that asks is advised to do helps nobody who reads it. */
const forPrograms = /\s*For more information, pass `verbose: true` in the second argument to fetch\(\)\.?/g;

/** Secrets go first: half of one would not be known as one. */
const shorten = (text: string) =>
  String(withoutSecrets(text)).replace(forPrograms, "").replace(/\s+/g, " ").trim().slice(0, 300);

/** `retry-after` in seconds or as a date, and `retry-after-ms`. */
export function retryAfterMs(headers: Headers | undefined, now: number): number | undefined {
  const ms = Number(headers?.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(ms) && ms >= 0) return ms;
  const said = headers?.get("retry-after");
  if (said === null || said === undefined || said === "") return undefined;
  if (/^\d+(?:\.\d+)?$/.test(said)) return Number(said) * 1000;
  const at = Date.parse(said);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** A tool's input as it came in pieces; none at all is an empty object. */
export function toolInput(text: string): { input: Record<string, unknown>; malformed?: string } {
  if (text.trim() === "") return { input: {} };
  try {
    const input: unknown = JSON.parse(text);
    if (typeof input === "object" && input !== null && !Array.isArray(input))
      return { input: input as Record<string, unknown> };
  } catch {
    return { input: {}, malformed: text };
  }
  return { input: {}, malformed: text };
}
