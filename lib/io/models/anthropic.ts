import type {
  MessageCreateParamsStreaming,
  MessageParam,
  RawMessageStreamEvent,
  Tool,
} from "@anthropic-ai/sdk/resources/messages";
import type { ChatModel, ModelEvent, ModelMessage, ModelRequest } from "../../runtime/chat-ports";
import type { ChatConfig } from "./config";
import { connection } from "./connection";
import { costOf } from "./cost";
import {
  CutOff,
  missingPackage,
  type Patience,
  pageInstead,
  refusePage,
  retryAfterMs,
  type Trouble,
  toolInput,
  withRetries,
} from "./retry";

const usualModel = "claude-sonnet-5-5";
const usualTokens = 8192;

/** Anthropic's Messages API, by its own SDK; the SDK's retries are off, ours know when an answer has begun. */
export function anthropic(config: ChatConfig, patience: Patience): ChatModel {
  const model = config.model ?? usualModel;
  return {
    provider: "anthropic",
    model,
    answer: (request, signal) =>
      withRetries(() => stream(config, model, request, signal), troubleOf, "anthropic", signal, patience),
  };
}

async function* stream(
  config: ChatConfig,
  model: string,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const { Anthropic } = await import("@anthropic-ai/sdk");
  const client = new Anthropic({
    ...connection(config, "https://api.anthropic.com"),
    authToken: null,
  });
  const cached = { cache_control: { type: "ephemeral" } } as const;
  const tools = request.tools.map(
    ({ name, description, schema }, index): Tool => ({
      name,
      description,
      input_schema: schema as Tool["input_schema"],
      ...(index === request.tools.length - 1 ? cached : {}),
    }),
  );
  const asked: MessageCreateParamsStreaming = {
    model,
    max_tokens: config.max_tokens ?? usualTokens,
    // What never changes comes first and is cached; the workspace changes from request to request.
    system: [
      { type: "text", text: request.system, ...cached },
      { type: "text", text: request.context },
    ],
    tools,
    messages: request.messages.map(toParam),
    stream: true,
  };
  const { data: events, response } = await client.messages.create(asked, { signal }).withResponse();
  refusePage(response);
  yield* read(events, config);
}

function toParam(message: ModelMessage): MessageParam {
  switch (message.role) {
    case "user":
      return { role: "user", content: message.text };
    case "assistant":
      return {
        role: "assistant",
        content: [
          ...(message.text.trim() === "" && message.uses.length > 0
            ? []
            : [{ type: "text" as const, text: message.text.trim() || "…" }]),
          ...message.uses.map(({ id, name, input }) => ({ type: "tool_use" as const, id, name, input })),
        ],
      };
    case "results":
      return {
        role: "user",
        content: message.results.map(({ id, text, failed }) => ({
          type: "tool_result" as const,
          tool_use_id: id,
          content: text,
          is_error: failed,
        })),
      };
  }
}

/** Text as it comes; a tool's input only once it is whole. */
async function* read(
  events: AsyncIterable<RawMessageStreamEvent>,
  config: ChatConfig,
): AsyncGenerator<ModelEvent> {
  const uses = new Map<number, { id: string; name: string; json: string }>();
  const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  let whole = false;
  for await (const event of events) {
    switch (event.type) {
      case "message_start": {
        const { usage } = event.message;
        tokens.input = usage.input_tokens;
        tokens.output = usage.output_tokens;
        tokens.cacheRead = usage.cache_read_input_tokens ?? 0;
        tokens.cacheWrite = usage.cache_creation_input_tokens ?? 0;
        break;
      }
      case "content_block_start":
        if (event.content_block.type === "tool_use")
          uses.set(event.index, { id: event.content_block.id, name: event.content_block.name, json: "" });
        break;
      case "content_block_delta": {
        const use = uses.get(event.index);
        if (event.delta.type === "text_delta") yield { type: "text", text: event.delta.text };
        else if (event.delta.type === "input_json_delta" && use) use.json += event.delta.partial_json;
        break;
      }
      case "message_delta":
        tokens.output = event.usage.output_tokens;
        break;
      case "message_stop":
        whole = true;
        break;
    }
  }
  // The SDK takes the end of the connection for the end of the answer.
  if (!whole) throw new CutOff();
  for (const { id, name, json } of uses.values())
    yield { type: "use", use: { id, name, ...toolInput(json) } };
  yield { type: "used", tokens, costUsd: costOf(config, tokens) };
}

const statusOf: Record<string, number> = {
  overloaded_error: 529,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
};

function troubleOf(error: unknown): Trouble {
  const known = missingPackage(error) ?? pageInstead(error);
  if (known) return known;
  const given = error as {
    status?: number;
    type?: string | null;
    headers?: Headers;
    message?: string;
    apiMessage?: string | null;
  };
  const status = given.status ?? statusOf[given.type ?? ""];
  return {
    status,
    message: given.apiMessage ?? given.message ?? String(error),
    retryAfterMs: retryAfterMs(given.headers, Date.now()),
  };
}
