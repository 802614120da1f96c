import type { ChatCompletionChunk, ChatCompletionMessageParam } from "openai/resources/chat/completions";
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

const usualModel = "gpt-5";

/** Chat Completions as OpenAI, Ollama, vLLM, OpenRouter and others speak it. */
export function openai(config: ChatConfig, patience: Patience): ChatModel {
  const model = config.model ?? usualModel;
  return {
    provider: "openai",
    model,
    answer: (request, signal) =>
      withRetries(
        () => stream(config, model, request, signal),
        troubleOf,
        "the model's server",
        signal,
        patience,
      ),
  };
}

async function* stream(
  config: ChatConfig,
  model: string,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const { OpenAI } = await import("openai");
  const client = new OpenAI({
    ...connection(config, "https://api.openai.com/v1"),
    organization: null,
    project: null,
  });
  const asked = client.chat.completions.create(
    {
      model,
      stream: true,
      stream_options: { include_usage: true },
      ...(config.max_tokens === undefined ? {} : { max_completion_tokens: config.max_tokens }),
      tools: request.tools.map(({ name, description, schema }) => ({
        type: "function" as const,
        function: { name, description, parameters: schema },
      })),
      messages: [
        { role: "system", content: request.system },
        { role: "system", content: request.context },
        ...request.messages.flatMap(toParams),
      ],
    },
    { signal },
  );
  const { data: chunks, response } = await asked.withResponse();
  refusePage(response);
  yield* read(chunks, config);
}

function toParams(message: ModelMessage): ChatCompletionMessageParam[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: message.text }];
    case "assistant":
      return [
        {
          role: "assistant",
          content: message.text,
          ...(message.uses.length === 0
            ? {}
            : {
                tool_calls: message.uses.map(({ id, name, input, malformed }) => ({
                  id,
                  type: "function" as const,
                  function: { name, arguments: malformed ?? JSON.stringify(input) },
                })),
              }),
        },
      ];
    case "results":
      return message.results.map(({ id, text, failed }) => ({
        role: "tool" as const,
        tool_call_id: id,
        content: failed ? `refused: ${text}` : text,
      }));
  }
}

/** Text as it comes; a tool's input only once it is whole. */
async function* read(
  chunks: AsyncIterable<ChatCompletionChunk>,
  config: ChatConfig,
): AsyncGenerator<ModelEvent> {
  const uses = new Map<number, { id: string; name: string; json: string }>();
  let whole = false;
  for await (const { choices, usage } of chunks) {
    const [choice] = choices ?? [];
    if (choice?.delta?.content) yield { type: "text", text: choice.delta.content };
    for (const part of choice?.delta?.tool_calls ?? []) {
      const use = uses.get(part.index) ?? { id: "", name: "", json: "" };
      uses.set(part.index, use);
      use.id ||= part.id ?? "";
      use.name ||= part.function?.name ?? "";
      use.json += part.function?.arguments ?? "";
    }
    whole ||= choice?.finish_reason !== null && choice?.finish_reason !== undefined;
    if (usage) {
      const cacheRead = usage.prompt_tokens_details?.cached_tokens ?? 0;
      const input = usage.prompt_tokens - cacheRead;
      const tokens = { input, output: usage.completion_tokens, cacheRead, cacheWrite: 0 };
      yield { type: "used", tokens, costUsd: costOf(config, tokens) };
    }
  }
  if (!whole) throw new CutOff();
  for (const [index, { id, name, json }] of uses)
    yield { type: "use", use: { id: id || `call-${index}`, name, ...toolInput(json) } };
}

function troubleOf(error: unknown): Trouble {
  const known = missingPackage(error) ?? pageInstead(error);
  if (known) return known;
  const given = error as {
    status?: number;
    code?: string | number | null;
    headers?: Headers;
    message?: string;
  };
  // Some servers put the status of an error within the stream into its code.
  const coded = Number(given.code);
  const status = given.status ?? (coded >= 400 && coded < 600 ? coded : undefined);
  return {
    status,
    message: given.message ?? String(error),
    retryAfterMs: retryAfterMs(given.headers, Date.now()),
  };
}
