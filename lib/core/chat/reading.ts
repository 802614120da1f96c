import type { Result } from "../result";
import type { Sequence } from "../sequence/schema";

/** A call of an action, as the chat proposes it: its input is still to be checked by the action's own schema. */
export interface ChatCall {
  action: string;
  input: Record<string, unknown>;
}

/** Where one node stands, as far as answers speak of it. */
export interface NodeStanding {
  id: string;
  status: string;
  reason: string | null;
  why: string;
}

/** What a request is read against. */
export interface World {
  sequence: Sequence;
  steps: readonly NodeStanding[];
  gates: readonly NodeStanding[];
  /** Whether there is a run that can go on. */
  open: boolean;
  mode: string;
  /** Names of the templates, the user's own among them. */
  templates: readonly string[];
  /** What the answer before this one proposed, where nobody has decided on that; it is what `that` means then. */
  unapplied?: (() => string | undefined) | undefined;
  /** Reads one `seqctl` command line, its first word left out. */
  readLine?: LineReader | undefined;
}

/** What a command line asks for. */
type LineCall =
  | { kind: "action"; action: string; input: Record<string, unknown> }
  | { kind: "view"; view: string; input: Record<string, unknown> };

/** The command line's own grammar, over words that a shell would have split. */
export type LineReader = (words: readonly string[]) => Result<LineCall>;

/** What a request came to: calls to propose, a question to ask, an answer, or why neither is possible. */
export type Reading =
  | { kind: "calls"; calls: ChatCall[]; says: string[] }
  /** A view to ask; its answer is told below the sentence, of a log so many of its last lines. */
  | { kind: "ask"; view: string; input: Record<string, unknown>; says: string; lines?: number }
  | { kind: "answer"; says: string }
  /** `sure` tells a refusal that was meant from one because something named was not found. */
  | { kind: "refusal"; says: string; try: string[]; sure: boolean };

/** Calls to propose. */
export function propose(calls: ChatCall[], ...says: string[]): Reading {
  return { kind: "calls", calls, says };
}

/** One call. */
export function call(action: string, input: Record<string, unknown>): ChatCall {
  return { action, input };
}

/** An answer that needs nothing else. */
export function answer(says: string): Reading {
  return { kind: "answer", says };
}

/** A view that answers. */
export function ask(view: string, input: Record<string, unknown>, says: string): Reading {
  return { kind: "ask", view, input, says };
}

/** No, and what to do in its place. */
export function decline(says: string, ...suggestions: string[]): Reading {
  return { kind: "refusal", says, try: suggestions, sure: true };
}

/** The shape was understood, but not what was named; another reading may still fit better. */
export function unsure(says: string, ...suggestions: string[]): Reading {
  return { kind: "refusal", says, try: suggestions, sure: false };
}
