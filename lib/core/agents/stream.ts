import type { AgentEvent } from "./report";
import { readClaude } from "./stream-claude";
import { readCodex } from "./stream-codex";
import { readGemini } from "./stream-gemini";
import { readOpencode } from "./stream-opencode";

/** The forms of output that can be read; `text` is none in particular. */
export const streamKinds = ["claude", "codex", "gemini", "opencode", "text"] as const;

/** How an agent's output is written. */
export type StreamKind = (typeof streamKinds)[number];

/** A parsed line of a stream; every member has to be looked at before it is believed. */
export type Line = Record<string, unknown>;

const readers: Record<StreamKind, (line: Line) => AgentEvent[]> = {
  claude: readClaude,
  codex: readCodex,
  gemini: readGemini,
  opencode: readOpencode,
  text: () => [],
};

/** What one line of a stream says; a line that is not of the stream's form says nothing. */
export function readLine(kind: StreamKind, text: string): AgentEvent[] {
  if (kind === "text" || !text.startsWith("{")) return [];
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return [];
  }
  return typeof line === "object" && line !== null ? readers[kind](line as Line) : [];
}
