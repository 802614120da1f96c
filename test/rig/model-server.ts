/** What the server says to one request for an answer. */
export type Scripted =
  | { text: string; tokensIn?: number; tokensOut?: number }
  | { status: number; headers?: Record<string, string>; type: string; message: string };

/** One request for an answer, as the server saw it. */
export interface Asked {
  path: string;
  key: string | null;
  body: Record<string, unknown>;
}

/** A server on loopback that speaks the wire protocols of model providers, so that real agent CLIs can be run against it. */
export interface ModelServer {
  url: string;
  asked: Asked[];
  /** What comes next; once the script is used up, its last line is said again. */
  script: Scripted[];
  stop(): Promise<void>;
}

type Protocol = (request: Request, say: Scripted) => Response;

/** Starts a server; it never calls tools. */
export function startModelServer(script: Scripted[]): ModelServer {
  const asked: Asked[] = [];
  const lines = [...script];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 30,
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (request.method === "HEAD") return new Response(null);
      if (pathname.endsWith("/count_tokens")) return Response.json({ input_tokens: 11 });
      if (pathname.includes(":countTokens")) return Response.json({ totalTokens: 11 });
      const protocol = protocolOf(pathname);
      if (request.method !== "POST" || !protocol)
        return Response.json({ error: { type: "not_found_error", message: pathname } }, { status: 404 });
      const body = (await request.json()) as Record<string, unknown>;
      const key = request.headers.get("x-api-key") ?? request.headers.get("authorization");
      asked.push({ path: pathname, key, body });
      return protocol(request, (lines.length > 1 ? lines.shift() : lines[0]) as Scripted);
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    asked,
    script: lines,
    stop: () => server.stop(true),
  };
}

function protocolOf(path: string): Protocol | undefined {
  if (path.endsWith("/messages")) return messages;
  if (path.endsWith("/responses")) return responses;
  return /:(?:streamG|g)enerateContent$/.test(path) ? generateContent : undefined;
}

const stream = (parts: string[]) =>
  new Response(parts.join(""), { headers: { "content-type": "text/event-stream" } });
const named = (events: Record<string, unknown>[]) =>
  stream(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`));

/** The Messages API, streamed. */
const messages: Protocol = (_, say) => {
  if ("status" in say) {
    const error = { type: "error", error: { type: say.type, message: say.message } };
    return Response.json(error, { status: say.status, headers: say.headers ?? {} });
  }
  const usage = { input_tokens: say.tokensIn ?? 10, output_tokens: 1 };
  const message = { id: "msg_1", type: "message", role: "assistant", model: "claude-sonnet-4-5" };
  return named([
    { type: "message_start", message: { ...message, content: [], stop_reason: null, usage } },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: say.text } },
    { type: "content_block_stop", index: 0 },
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { output_tokens: say.tokensOut ?? 5 },
    },
    { type: "message_stop" },
  ]);
};

/** The Responses API, streamed. */
const responses: Protocol = (_, say) => {
  if ("status" in say) {
    const error = { type: say.type, message: say.message };
    return Response.json({ error }, { status: say.status, headers: say.headers ?? {} });
  }
  const [input, output] = [say.tokensIn ?? 10, say.tokensOut ?? 5];
  const usage = {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  };
  const item = {
    type: "message",
    role: "assistant",
    id: "msg_1",
    content: [{ type: "output_text", text: say.text, annotations: [] }],
  };
  return named([
    { type: "response.created", response: { id: "resp_1" } },
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response: { id: "resp_1", usage, output: [item] } },
  ]);
};

/** The Generative Language API, streamed or not. */
const generateContent: Protocol = (request, say) => {
  if ("status" in say) {
    const error = { code: say.status, status: say.type, message: say.message };
    return Response.json({ error }, { status: say.status, headers: say.headers ?? {} });
  }
  const [input, output] = [say.tokensIn ?? 10, say.tokensOut ?? 5];
  const answer = {
    candidates: [{ content: { role: "model", parts: [{ text: say.text }] }, finishReason: "STOP", index: 0 }],
    usageMetadata: {
      promptTokenCount: input,
      candidatesTokenCount: output,
      totalTokenCount: input + output,
    },
  };
  return request.url.includes(":stream")
    ? stream([`data: ${JSON.stringify(answer)}\r\n\r\n`])
    : Response.json(answer);
};
