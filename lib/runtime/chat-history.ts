import { saidOn } from "../core/chat/said-on";
import type { ChatRecord, ModelMessage } from "./chat-ports";
import { becameOf } from "./decisions";
import type { Ports } from "./ports";

/** A conversation in a list. */
export interface Conversation {
  id: string;
  title: string;
  opened: string;
  last: string;
  /** How many questions it holds. */
  asked: number;
  answering: boolean;
}

const historyChars = 60_000;

/** The beginning of a first message, as its conversation's title. */
export function titleOf(message: string): string {
  const line = message.trim().split("\n")[0]?.trim() ?? "";
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** What the answer before the newest question proposed, in words, where nobody has decided on it. */
export function openOffer(ports: Ports, records: readonly ChatRecord[]): string | undefined {
  const asked = records.filter(({ type }) => type === "asked");
  const from = asked.at(-2)?.n ?? 0;
  const found = records.findLast(({ n, type }) => type === "actions" && n > from)?.data;
  if (typeof found?.proposal !== "string" || !Array.isArray(found.calls)) return undefined;
  if (becameOf(ports, found.proposal) !== undefined) return undefined;
  const says = found.calls.map((call) => String((call as { summary?: unknown }).summary ?? ""));
  return says.slice(0, 4).join("; ").slice(0, 300);
}

/** What a model is told of a conversation so far, the newest that fits; and whether text from elsewhere was read in it. */
export function messagesOf(records: readonly ChatRecord[]): { messages: ModelMessage[]; tainted: boolean } {
  const messages: ModelMessage[] = [];
  const answerTo = () => {
    const last = messages.at(-1);
    if (last?.role === "assistant") return last;
    const fresh: ModelMessage = { role: "assistant", text: "", uses: [] };
    messages.push(fresh);
    return fresh;
  };
  for (const { type, data } of records) {
    if (type === "asked") messages.push({ role: "user", text: String(data.text) });
    else if (type === "message") {
      const answer = answerTo();
      answer.text = saidOn(answer.text, data);
    } else if (type === "actions")
      answerTo().text += `\n[proposed: ${JSON.stringify(data.calls).slice(0, 4000)}]`;
    else if (type === "error") answerTo().text += `\n[no answer: ${String(data.message)}]`;
  }
  const tainted = records.some(({ data }) => data.tainted === true);
  let size = 0;
  const from = messages.findLastIndex((message) => {
    size += message.role === "results" ? 0 : message.text.length;
    return size > historyChars;
  });
  const kept = messages.slice(from + 1);
  // Every provider wants a conversation to begin with the person.
  const begin = kept.findIndex(({ role }) => role === "user");
  return { messages: begin < 0 ? messages.slice(-1) : kept.slice(begin), tainted };
}

/** What an answer ends with. */
export const ends: ReadonlySet<ChatRecord["type"]> = new Set<ChatRecord["type"]>(["done", "error"]);

/** Whether the last question has not been answered to its end. */
export function isOpen(records: readonly ChatRecord[]): boolean {
  const last = records.findLast(({ type }) => type === "asked" || ends.has(type));
  return last?.type === "asked";
}
