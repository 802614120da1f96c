import { classify, type ErrorClass, type Moment } from "./error-class";

/** Tokens an attempt used; `input` is what was neither read from nor written to a cache. */
export interface Tokens {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

/** What one line of an agent's stream says, whoever wrote it. */
export type AgentEvent =
  | { type: "session"; id: string; model?: string }
  /** Said to the user; pieces with the same key belong together, another key starts anew. */
  | { type: "said"; key: string; text: string }
  /** Used by one turn; a later report with the same key replaces the earlier one. */
  | { type: "used"; key: string; tokens: Tokens; costUsd?: number }
  /** The agent's own sum; it stands above what was counted. */
  | { type: "total"; turns?: number; tokens?: Tokens; costUsd?: number }
  /** A limit was reached that ends at a known time (ms since the epoch). */
  | { type: "limited"; resetAt: number }
  | { type: "problem"; text: string; status?: number; hint?: string }
  /** The agent's own last word. */
  | { type: "ended"; good: boolean };

/** Why an attempt of an agent failed; `class` is null where only the exit code tells. */
interface AgentError {
  class: ErrorClass | null;
  problem: string;
  /** ms since the epoch. */
  resetAt: number | null;
}

/** What an attempt of an agent came to. */
export interface AgentReport {
  session: string | null;
  model: string | null;
  turns: number;
  tokens: Tokens;
  costUsd: number | null;
  /** The last thing it said. */
  text: string;
  error: AgentError | null;
}

/** The small part of a report that decisions and status are made from. */
export interface AgentFacts {
  session?: string;
  turns: number;
  tokensIn: number;
  tokensOut: number;
  costUsd?: number;
  errorClass?: ErrorClass;
  /** ms since the epoch. */
  resetAt?: number;
  problem?: string;
}

/** A report while its stream is still being read. */
export interface Tally {
  session: string | null;
  model: string | null;
  said: { key: string; text: string } | undefined;
  used: Map<string, { tokens: Tokens; costUsd: number | undefined }>;
  total: Extract<AgentEvent, { type: "total" }> | undefined;
  problem: Extract<AgentEvent, { type: "problem" }> | undefined;
  resetAt: number | null;
  ended: boolean | undefined;
}

const maxTextChars = 256 * 1024;
const maxProblemChars = 300;
/** The last moment of the year 9999: later ones have no date that everybody reads. */
const lastDate = 253_402_300_799_999;

/** A tally of nothing. */
export function emptyTally(): Tally {
  return {
    session: null,
    model: null,
    said: undefined,
    used: new Map(),
    total: undefined,
    problem: undefined,
    resetAt: null,
    ended: undefined,
  };
}

/** Adds one event to a tally. */
export function addEvent(tally: Tally, event: AgentEvent): void {
  switch (event.type) {
    case "session":
      tally.session = event.id;
      tally.model = event.model ?? tally.model;
      return;
    case "said": {
      const text = tally.said?.key === event.key ? tally.said.text + event.text : event.text;
      tally.said = { key: event.key, text: text.slice(-maxTextChars) };
      return;
    }
    case "used":
      tally.used.set(event.key, { tokens: event.tokens, costUsd: event.costUsd });
      return;
    case "total":
      tally.total = event;
      return;
    case "limited":
      tally.resetAt = event.resetAt;
      return;
    case "problem":
      // The more telling of two reports of the same fault has a status.
      if (tally.problem?.status === undefined || event.status !== undefined)
        tally.problem = { ...(tally.problem?.hint ? { hint: tally.problem.hint } : {}), ...event };
      return;
    case "ended":
      tally.ended = event.good;
      return;
  }
}

/** How the process itself ended, and what it said on stderr last. */
interface Ending {
  code: number;
  stderr: string;
  at: Moment;
}

/** Closes a tally. An exit code of 0 clears what was complained of on the way, unless the agent itself says that it failed. */
export function closeTally(tally: Tally, { code, stderr, at }: Ending): AgentReport {
  const counted = [...tally.used.values()];
  const costs = counted.flatMap(({ costUsd }) => costUsd ?? []);
  const sum = costs.length > 0 ? costs.reduce((a, b) => a + b, 0) : null;
  return {
    session: tally.session,
    model: tally.model,
    turns: tally.total?.turns ?? counted.length,
    tokens: tally.total?.tokens ?? addTokens(counted.map(({ tokens }) => tokens)),
    costUsd: tally.total?.costUsd ?? sum,
    text: tally.said?.text ?? "",
    error: errorOf(tally, { code, stderr, at }),
  };
}

function errorOf(tally: Tally, { code, stderr, at }: Ending): AgentError | null {
  const failedItself = tally.ended === false;
  if (code === 0 && !failedItself) return null;
  const problem = tally.problem?.text || stderr.trim();
  const found = classify(`${tally.problem?.hint ?? ""}\n${problem}`, tally.problem?.status, at);
  const limited = tally.resetAt !== null && (found.class === "rate_limit" || found.class === "quota");
  return {
    // An exit code of 0 would pass for success.
    class: limited ? "quota" : (found.class ?? (code === 0 ? "permanent" : null)),
    problem: shorten(problem),
    resetAt: believable(limited ? tally.resetAt : found.resetAt),
  };
}

/** An agent may print anything: a moment that no clock shows tells nothing. */
function believable(resetAt: number | null): number | null {
  return resetAt !== null && resetAt > 0 && resetAt <= lastDate ? resetAt : null;
}

/** A sentence's worth of a text: its first line that says anything. */
function shorten(text: string): string {
  const line = text.split("\n").find((part) => part.trim() !== "") ?? "";
  return line.trim().slice(0, maxProblemChars);
}

function addTokens(all: Tokens[]): Tokens {
  const sum: Tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  for (const tokens of all) {
    sum.input += tokens.input;
    sum.output += tokens.output;
    sum.cacheRead += tokens.cacheRead;
    sum.cacheWrite += tokens.cacheWrite;
  }
  return sum;
}

/** The part of a report that goes into the journal. */
export function factsOf(report: AgentReport): AgentFacts {
  const { session, turns, tokens, costUsd, error } = report;
  return {
    ...(session === null ? {} : { session }),
    turns,
    tokensIn: tokens.input,
    tokensOut: tokens.output,
    ...(costUsd === null ? {} : { costUsd }),
    ...(error?.class ? { errorClass: error.class } : {}),
    ...(error && error.resetAt !== null ? { resetAt: error.resetAt } : {}),
    ...(error?.problem ? { problem: error.problem } : {}),
  };
}
