import {
  ApiError,
  accept,
  cutOff,
  questionIn,
  type Refusal,
  readRefusal,
  refusedWith,
  unreachable,
} from "../state/api";
import type { Question } from "../state/call";
import type { About, ConversationDocument, PreviewDocument, Wanted } from "./wire";

/** The answer to an attempt to apply a proposal. */
export type Applied =
  | { kind: "done"; proposal: string }
  | { kind: "asked"; question: Question }
  | { kind: "refused"; refusal: Refusal };

/** What the chat asks the server, and asks of it. */
export interface ChatApi {
  about(): Promise<About>;
  show(id: string): Promise<ConversationDocument>;
  /** Says something; the answer is a stream. Undefined when the server can't be reached. */
  say(message: string, conversation: string | null): Promise<Response | undefined>;
  /** The stream of a conversation behind an event. */
  resume(id: string, after: number): Promise<Response | undefined>;
  manage(action: "cancel" | "rename" | "rm", id: string, title?: string): Promise<Refusal | undefined>;
  preview(wanted: Wanted): Promise<PreviewDocument>;
  apply(wanted: Wanted, confirm?: string): Promise<Applied>;
}

/** The chat's part of the API, with a session's token. */
export function createChatApi(token: string, onUnauthorized: () => void): ChatApi {
  const authorization = `Bearer ${token}`;
  async function ask(path: string, init: RequestInit): Promise<Response | undefined> {
    const response = await fetch(path, { cache: "no-store", ...init }).catch(() => undefined);
    if (response?.status === 401) onUnauthorized();
    return response;
  }
  const get = (query: Record<string, string>, headers: Record<string, string> = {}) =>
    ask(`/api/chat?${new URLSearchParams(query)}`, { headers: { authorization, ...headers } });
  const post = (path: string, body: object, type = accept) =>
    ask(path, {
      method: "POST",
      headers: { authorization, accept: type, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  async function read<T>(answer: Promise<Response | undefined>): Promise<T> {
    const response = await answer;
    if (!response) throw new Error(unreachable.message);
    const status = refusedWith(response);
    if (status === undefined) return response.json();
    throw new ApiError(readRefusal(status, await response.text()));
  }
  return {
    about: () => read(ask("/api/chat", { headers: { authorization } })),
    show: (id) => read(get({ conversation: id })),
    say: (message, conversation) =>
      post("/api/chat", { message, ...(conversation === null ? {} : { conversation }) }, "text/event-stream"),
    resume: (id, after) => get({ conversation: id, after: String(after) }, { accept: "text/event-stream" }),
    manage: async (action, id, title) => {
      const body = { action, conversation: id, ...(title === undefined ? {} : { title }) };
      const response = await post("/api/chat", body);
      if (response?.ok) return undefined;
      return response ? readRefusal(response.status, await response.text()) : unreachable;
    },
    preview: (wanted) => read(post("/api/chat/apply", { ...wanted, preview: true })),
    apply: async (wanted, confirm) => {
      const response = await post("/api/chat/apply", {
        ...wanted,
        ...(confirm === undefined ? {} : { confirm }),
      });
      if (!response) return { kind: "refused", refusal: unreachable };
      const said = await response.text().catch(() => undefined);
      if (said === undefined) return { kind: "refused", refusal: cutOff };
      const status = refusedWith(response);
      if (status === undefined) return { kind: "done", proposal: String(JSON.parse(said).proposal) };
      const question = questionIn(said);
      return question ? { kind: "asked", question } : { kind: "refused", refusal: readRefusal(status, said) };
    },
  };
}
