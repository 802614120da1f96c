import type { Caller } from "../../core/actor";
import type { Json } from "../../core/json";
import { err, ok, type Result } from "../../core/result";
import type { Chat } from "../../runtime/chat";
import type { Wanted } from "../../runtime/chat-apply";
import type { ChatRecord } from "../../runtime/chat-ports";
import { readBody } from "./body";
import { refuse } from "./refusal";
import { replyFailure, replyJson, replyPolitely } from "./reply";
import { asksPolitely, guarded, type Route } from "./route";
import { frame } from "./status-events";
import { stepTokenOf } from "./token";

/** Who asks: whoever holds the server's token is a person, a step's token is that step's. */
const callerOf = (request: Request): Caller => ({
  actor: "user",
  surface: "http",
  ...stepTokenOf([...request.headers]),
});

type Body = { [key: string]: Json };

/**
 * The chat. POST with `message` answers with a stream of events; with `action` it cancels, renames or removes a
 * conversation. GET lists the conversations, shows one, or goes on with its stream behind an event.
 */
export function chatRoute(): Route {
  const handle = guarded(["GET", "POST"], async (request, { session, gone }) => {
    const chat = await session.workspace.chat();
    const admitted = await chat.admit(callerOf(request));
    if (!admitted.ok) return replyFailure(admitted.failure);
    const caller = admitted.value;
    if (request.method === "GET") return show(chat, request, gone);
    const body = await readBody(request.body);
    if (!body.ok) return replyFailure(body.failure);
    const { action, ...rest } = body.value;
    if (action !== undefined) return reply(manage(chat, action, rest), request);
    const unknown = Object.keys(rest).find((key) => key !== "message" && key !== "conversation");
    if (unknown !== undefined) return replyFailure(refuse(400, `the chat takes no '${unknown}'`));
    const said = await chat.say({ message: rest.message, conversation: rest.conversation }, caller);
    if (!said.ok) return replyFailure(said.failure);
    return stream(chat, said.value.conversation, said.value.after, gone);
  });
  return { GET: handle, POST: handle };
}

/** Carries a proposal out, or shows what that would come to: `{"proposal", "actions"?, "run"?, "base"?, "confirm"?, "preview"?}`. */
export function chatApplyRoute(): Route {
  const handle = guarded(["POST"], async (request, { session }) => {
    const body = await readBody(request.body);
    if (!body.ok) return replyFailure(body.failure);
    const wanted = readWanted(body.value);
    if (!wanted.ok) return replyFailure(wanted.failure);
    const { confirm, preview, ...rest } = wanted.value;
    const chat = await session.workspace.chat();
    if (preview) {
      const admitted = await chat.admit(callerOf(request), "chat.preview");
      if (!admitted.ok) return replyFailure(admitted.failure);
      const tried = await chat.preview(rest);
      return !tried.ok && asksPolitely(request, tried.failure)
        ? replyPolitely(tried.failure)
        : reply(tried, request);
    }
    const done = await chat.apply(rest, callerOf(request), confirm === undefined ? {} : { confirm });
    if (!done.ok && asksPolitely(request, done.failure)) return replyPolitely(done.failure);
    return reply(done, request);
  });
  return { GET: handle, POST: handle };
}

function reply(result: Result<unknown>, request: Request): Response {
  return result.ok ? replyJson(result.value, request) : replyFailure(result.failure);
}

async function show(chat: Chat, request: Request, gone: AbortSignal): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const unknown = [...query.keys()].find((key) => key !== "conversation" && key !== "after");
  if (unknown !== undefined) return replyFailure(refuse(400, `the chat takes no '${unknown}'`));
  const id = query.get("conversation");
  if (id === null) return replyJson({ ...(await chat.about()), conversations: chat.list() }, request);
  const after = query.get("after") ?? lastEvent(request, id);
  if (after === undefined) return reply(await chat.show(id), request);
  const found = chat.find(id);
  if (!found.ok) return replyFailure(found.failure);
  if (!/^\d{1,9}$/.test(after)) return replyFailure(refuse(400, "'after' must be the number of an event"));
  return stream(chat, id, Number(after), gone);
}

/** The number within the last event's id, if that is one of this conversation. */
function lastEvent(request: Request, conversation: string): string | undefined {
  const [id, number] = (request.headers.get("last-event-id") ?? "").split(".");
  return id === conversation ? number : undefined;
}

function manage(chat: Chat, action: Json, { conversation, title, ...more }: Body): Result<unknown> {
  const unknown = Object.keys(more)[0];
  if (unknown !== undefined) return err(refuse(400, `the chat takes no '${unknown}'`));
  if (typeof conversation !== "string") return err(refuse(400, "'conversation' is missing"));
  switch (action) {
    case "cancel":
      return ok({ id: conversation, canceled: chat.cancel(conversation) });
    case "rename":
      return chat.rename(conversation, title);
    case "rm":
      return chat.remove(conversation);
    default:
      return err(refuse(400, "'action' must be cancel, rename or rm; a question has a 'message' instead"));
  }
}

const kinds = { proposal: "string", run: "boolean", base: "string", confirm: "string", preview: "boolean" };

function readWanted(body: Body): Result<Wanted & { confirm?: string; preview?: boolean }> {
  const unknown = Object.keys(body).find((key) => key !== "actions" && !(key in kinds));
  if (unknown !== undefined) return err(refuse(400, `the chat takes no '${unknown}'`));
  if (typeof body.proposal !== "string") return err(refuse(400, "'proposal' must be the id of a proposal"));
  const wrong = Object.entries(kinds).find(([key, kind]) => key in body && typeof body[key] !== kind);
  if (wrong)
    return err(refuse(400, `'${wrong[0]}' must be ${wrong[1] === "boolean" ? "true or false" : "a text"}`));
  const { actions } = body;
  const isNumbers = Array.isArray(actions) && actions.every((one) => typeof one === "number");
  if (actions !== undefined && !isNumbers)
    return err(refuse(400, "'actions' must be a list of numbers, from 0"));
  return ok(body as unknown as Wanted & { confirm?: string; preview?: boolean });
}

const told = new Set<ChatRecord["type"]>(["message", "actions", "diff", "done", "error"]);

/** The events behind a number, each with an id to go on from. Whoever reads slowly is waited for; the answer is kept anyway. */
function stream(chat: Chat, conversation: string, after: number, gone: AbortSignal): Response {
  const encoder = new TextEncoder();
  const records = chat.listen(conversation, after, gone);
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode("retry: 1000\n\n")),
    pull: async (controller) => {
      for (;;) {
        const { value, done } = await records.next();
        if (done) return controller.close();
        if (!told.has(value.type)) continue;
        controller.enqueue(encoder.encode(frame(value.type, value.data, `${conversation}.${value.n}`)));
        return;
      }
    },
    cancel: async () => {
      await records.return(undefined);
    },
  });
  const headers = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    // The first event may be long in coming; whoever reloads before it has to know what to come back for.
    "x-conversation": `${conversation}.${after}`,
  };
  return new Response(body, { headers });
}
