import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One answer of the server. */
export type Said =
  | {
      /** Pieces of text, in order. */
      text?: string[];
      /** Tools the model wants to use, their input as pieces of JSON (or of what is none). */
      uses?: { name: string; json: string[] }[];
      tokensIn?: number;
      tokensOut?: number;
      cached?: number;
      /** Breaks the connection before the event of that number. */
      cutBefore?: number;
      /** … but not before this has come. */
      cutOnce?: Promise<void>;
      /** Waits with what follows so many pieces of text until somebody lets it go on. */
      pause?: { after: number; until: Promise<void> };
      /** An error within the stream, before the end. */
      breaks?: { type: string; status: number; message: string };
      /** Says nothing more after the text, until the client has gone. */
      hangs?: boolean;
    }
  | { status: number; headers?: Record<string, string>; type: string; message: string };

/** A request as the server saw it. */
export interface Seen {
  path: string;
  key: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails if it is not there
  body: any;
  /** Whether the client has gone away before the end. */
  gone: boolean;
}

/** A server on loopback that speaks the Messages API and Chat Completions, streamed, in frames that are cut anywhere. */
export interface ChatServer {
  url: string;
  seen: Seen[];
  stop(): Promise<void>;
}

/** Starts a server with its answers in order; the last is said again. */
export async function startChatServer(script: Said[]): Promise<ChatServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const { "x-api-key": key, authorization } = request.headers;
      const one: Seen = {
        path: request.url ?? "",
        key: (key as string) ?? authorization,
        body: JSON.parse(body),
        gone: false,
      };
      response.on("close", () => {
        one.gone = !response.writableEnded;
      });
      const say = script[Math.min(seen.length, script.length - 1)] as Said;
      seen.push(one);
      return one.path.endsWith("/messages")
        ? answer(response, say, messages)
        : answer(response, say, completions);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

type Stream = Exclude<Said, { status: number }>;
/** The frames of an answer, and how the protocol says an error. */
interface Protocol {
  frames(say: Stream): string[];
  error(type: string, status: number, message: string): object;
  errorFrame(type: string, status: number, message: string): string;
  last: string[];
}

async function answer(response: ServerResponse, say: Said, protocol: Protocol): Promise<void> {
  if ("status" in say) {
    response.writeHead(say.status, { "content-type": "application/json", ...say.headers });
    response.end(JSON.stringify(protocol.error(say.type, say.status, say.message)));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const frames = protocol.frames(say);
  const isText = (frame: string) => say.text?.some((piece) => frame.includes(JSON.stringify(piece))) === true;
  let texts = 0;
  for (const [index, frame] of frames.entries()) {
    if (index === say.cutBefore) {
      await say.cutOnce;
      response.socket?.destroy();
      return;
    }
    if (isText(frame) && texts++ === say.pause?.after) await say.pause.until;
    // No reader may count on whole frames: the first byte comes alone, the rest in two pieces.
    for (const piece of [
      frame.slice(0, 1),
      frame.slice(1, Math.ceil(frame.length / 2)),
      frame.slice(Math.ceil(frame.length / 2)),
    ])
      await new Promise<void>((resolve) => response.write(piece, () => resolve()));
  }
  if (say.hangs) return;
  const { breaks } = say;
  const rest = breaks ? [protocol.errorFrame(breaks.type, breaks.status, breaks.message)] : protocol.last;
  response.end(rest.join(""));
}

const named = (event: { type: string }) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** The Messages API. */
const messages: Protocol = {
  frames: ({ text = [], uses = [], tokensIn = 10, tokensOut = 5, cached = 0 }) => {
    const usage = {
      input_tokens: tokensIn,
      output_tokens: 1,
      cache_read_input_tokens: cached,
      cache_creation_input_tokens: 0,
    };
    const message = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-test",
      content: [],
      stop_reason: null,
      usage,
    };
    const blocks = [
      ...(text.length > 0
        ? [
            {
              start: { type: "text", text: "" },
              deltas: text.map((piece) => ({ type: "text_delta", text: piece })),
            },
          ]
        : []),
      ...uses.map(({ name, json }, index) => ({
        start: { type: "tool_use", id: `toolu_${index + 1}`, name, input: {} },
        deltas: json.map((piece) => ({ type: "input_json_delta", partial_json: piece })),
      })),
    ];
    return [
      named({ type: "message_start", message } as never),
      'event: ping\ndata: {"type": "ping"}\n\n',
      ...blocks.flatMap(({ start, deltas }, index) => [
        named({ type: "content_block_start", index, content_block: start } as never),
        ...deltas.map((delta) => named({ type: "content_block_delta", index, delta } as never)),
        named({ type: "content_block_stop", index } as never),
      ]),
      named({
        type: "message_delta",
        delta: { stop_reason: uses.length > 0 ? "tool_use" : "end_turn", stop_sequence: null },
        usage: { output_tokens: tokensOut },
      } as never),
    ];
  },
  last: [named({ type: "message_stop" })],
  error: (type, _, message) => ({ type: "error", error: { type, message }, request_id: "req_1" }),
  errorFrame: (type, _, message) => named({ type: "error", error: { type, message } } as never),
};

const chunk = (choices: object[], more: object = {}) =>
  `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "test", choices, ...more })}\n\n`;
const delta = (part: object, finish: string | null = null) =>
  chunk([{ index: 0, delta: part, finish_reason: finish }]);

/** Chat Completions. */
const completions: Protocol = {
  frames: ({ text = [], uses = [], tokensIn = 10, tokensOut = 5, cached = 0 }) => [
    delta({ role: "assistant", content: "" }),
    ...text.map((piece) => delta({ content: piece })),
    ...uses.flatMap(({ name, json }, index) => [
      delta({
        tool_calls: [{ index, id: `call_${index + 1}`, type: "function", function: { name, arguments: "" } }],
      }),
      ...json.map((piece) => delta({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ]),
    delta({}, uses.length > 0 ? "tool_calls" : "stop"),
    chunk([], {
      usage: {
        prompt_tokens: tokensIn + cached,
        completion_tokens: tokensOut,
        total_tokens: tokensIn + cached + tokensOut,
        prompt_tokens_details: { cached_tokens: cached },
      },
    }),
  ],
  last: ["data: [DONE]\n\n"],
  error: (type, status, message) => ({ error: { type, code: String(status), message } }),
  errorFrame: (type, status, message) =>
    `data: ${JSON.stringify({ error: { type, code: String(status), message } })}\n\n`,
};
