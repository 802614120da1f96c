import type { Tokens } from "../core/agents/report";
import type { LineReader, World } from "../core/chat/reading";
import type { ToolSpec } from "../core/chat/tools";
import type { Failure } from "../core/failure";
import type { Json } from "../core/json";
import type { Result } from "../core/result";
import type { ViewName } from "../core/views/view";

/** A model's wish to use a tool; `malformed` is its input where that was no JSON object. */
export interface ToolUse {
  id: string;
  name: string;
  input: Record<string, unknown>;
  malformed?: string;
}

/** What came of a tool: quoted text, and the same as data for what is no model. */
export interface ToolResult {
  id: string;
  text: string;
  failed: boolean;
  answer?: { view: ViewName; value: Json };
  failure?: Failure;
}

/** One message of a conversation, as every provider is told of it. */
export type ModelMessage =
  | { role: "user"; text: string }
  | { role: "assistant"; text: string; uses: ToolUse[] }
  | { role: "results"; results: ToolResult[] };

/** What a model is asked. */
export interface ModelRequest {
  /** The same for every request. */
  system: string;
  /** The workspace as it stands. */
  context: string;
  messages: readonly ModelMessage[];
  tools: readonly ToolSpec[];
  /** The same as data, for what is no model. */
  world: World;
}

/** What a model says, piece by piece; `failed` is the last if it comes. */
export type ModelEvent =
  | { type: "text"; text: string }
  | { type: "use"; use: ToolUse }
  | { type: "used"; tokens: Tokens; costUsd: number | null }
  /** The connection broke; the answer begins anew. */
  | { type: "again" }
  /** What was said is a no: the request was not understood, or can't be met. */
  | { type: "declined" }
  | { type: "failed"; failure: Failure };

/** Whatever answers in the chat. */
export interface ChatModel {
  provider: string;
  /** null where there is no model behind it. */
  model: string | null;
  /** It can read more than it is given here, so that all it says counts as text from elsewhere. */
  looksElsewhere?: boolean;
  /** It goes by rules of its own program, so that it may ask every view. */
  asksAll?: boolean;
  answer(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
}

/** What is written down of a conversation, one JSON line each; `n` counts from 1 without gaps. */
export interface ChatRecord {
  n: number;
  ts: string;
  type: "opened" | "renamed" | "asked" | "message" | "actions" | "diff" | "done" | "error";
  data: { [key: string]: Json };
}

/** The conversations of a workspace. */
export interface ChatStore {
  /** Ids, newest first. */
  list(): string[];
  /** Whether there is such a conversation. */
  has(id: string): boolean;
  /** Whole records in order; undefined if there is no such conversation. */
  read(id: string): ChatRecord[] | undefined;
  /** Appends whole lines, cutting off a torn one first; needs `hold`. */
  append(id: string, records: readonly ChatRecord[], sync: boolean): void;
  /** Removes the conversation; needs `hold`. */
  remove(id: string): void;
  /** Takes the right to write a conversation; undefined while somebody else has it. Ends with the process. */
  hold(id: string): { release(): void } | undefined;
}

/** What the chat needs of the world besides the workspace. */
export interface ChatPorts {
  store: ChatStore;
  /** The configured model; `offline` if none is. */
  model(): Promise<Result<ChatModel>>;
  /** A unified diff of two texts; empty if they are the same. */
  unified(before: string, after: string, file: string): Promise<string>;
  /** A word that nobody could know beforehand. */
  fence(): string;
  readLine: LineReader | undefined;
}
