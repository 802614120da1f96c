import type { FailureCode } from "../../core/failure";
import type { Json } from "../../core/json";
import { type PartName, partRef, partSchemas } from "./openapi-schemas";
import { everywhere, numbered, refusalsBeside } from "./refusals";

type Map = { [key: string]: Json };

const json = (schema: Map): Map => ({ "application/json": { schema } });
const text: Map = { type: "string" };
const ref = (name: string): Map => ({ $ref: `#/components/${name}` });
const events: Map = { "text/event-stream": { schema: text } };

/** How an address refuses, by status; the bodies all have one shape. `x-refusal` names each code with its numbers. */
export function refusing(
  codes: readonly FailureCode[],
  method: "get" | "post",
): { codes: Json; byStatus: Map } {
  const all = numbered(codes, method);
  const byStatus = all.map(({ status }) => [
    String(status),
    ref(status === 428 ? "responses/Asked" : "responses/Refused"),
  ]);
  return { codes: all as unknown as Json, byStatus: Object.fromEntries(byStatus) };
}

/** A document that `If-None-Match` can name. */
export const answered = (schema: Map): Map => ({
  description: "what was asked for; its keys are those of `seqctl … --json`",
  headers: { ETag: ref("headers/ETag") },
  content: json(schema),
});
const anyOf = (...names: PartName[]): Map => ({ anyOf: names.map(partRef) });

const cells: Map = { type: "integer", minimum: 1, maximum: 1000 };
const conversation: Map = { type: "string", description: "id of the conversation" };
const stream: Map = {
  description: "events; the id of each is what `Last-Event-ID` goes on from",
  content: events,
};
const lastEvent: Map = {
  name: "Last-Event-ID",
  in: "header",
  required: false,
  description: "id of the last event that was read",
  schema: text,
};

/** MCP's own way to refuse. */
const jsonRpcError: Map = {
  type: "object",
  properties: {
    jsonrpc: { const: "2.0" },
    error: {
      type: "object",
      properties: { code: { type: "integer" }, message: text, data: {} },
      required: ["code", "message"],
    },
    id: { type: ["string", "integer", "null"] },
  },
  required: ["jsonrpc", "error", "id"],
};

/** What answers beside the nouns: streams, the chat, MCP, this document and the probes. */
export const otherPaths: Map = {
  "/api/status/stream": {
    get: operation("stream_status", "Push the status whenever it changes", {
      parameters: [lastEvent],
      answer: stream,
    }),
  },
  "/api/chat": {
    get: operation("get_chat", "List the conversations, show one, or go on with its stream", {
      parameters: [
        { name: "conversation", in: "query", required: false, schema: conversation },
        { name: "after", in: "query", required: false, schema: { type: "integer", minimum: 0 } },
        lastEvent,
      ],
      refusals: refusalsBeside["get /api/chat"],
      answer: {
        description: "all conversations, one, or its stream",
        content: { ...json(anyOf("Chat", "ConversationShown")), ...events },
      },
    }),
    post: operation("post_chat", "Ask the chat, or manage a conversation", {
      body: {
        oneOf: [
          {
            title: "Say something",
            type: "object",
            properties: { message: text, conversation },
            required: ["message"],
            additionalProperties: false,
          },
          {
            title: "Cancel the answer, rename or remove the conversation",
            type: "object",
            properties: { action: { enum: ["cancel", "rename", "rm"] }, conversation, title: text },
            required: ["action", "conversation"],
            additionalProperties: false,
          },
        ],
      },
      refusals: refusalsBeside["post /api/chat"],
      answer: {
        description: "the answer as it is written: `message`, `actions`, `diff`, `done`, `error`",
        content: { ...events, ...json(partRef("ConversationManaged")) },
      },
    }),
  },
  "/api/chat/apply": {
    post: operation("post_chat_apply", "Carry out what the chat proposed, or show what that would come to", {
      body: {
        type: "object",
        properties: {
          proposal: text,
          actions: { type: "array", items: { type: "integer", minimum: 0 } },
          run: { type: "boolean" },
          base: { type: "string", description: "digest of the definition that its effect was shown on" },
          confirm: text,
          preview: { type: "boolean", description: "only show what it would come to now" },
        },
        required: ["proposal"],
        additionalProperties: false,
      },
      refusals: refusalsBeside["post /api/chat/apply"],
      answer: { description: "what was done, or would be", content: json(anyOf("Applied", "Previewed")) },
    }),
  },
  "/api/terminal/stream": {
    get: operation("stream_terminal", "Sit down at the terminal of a step that runs", {
      parameters: [
        { name: "id", in: "query", required: true, schema: text },
        ...["cols", "rows"].map((name) => ({ name, in: "query", required: false, schema: cells })),
      ],
      refusals: refusalsBeside["get /api/terminal/stream"],
      answer: {
        description:
          "`seat`, by which input comes, then `output` with base64 in `data`, `seats` with the `count` of those who sit there each time it changes, then `end`",
        content: events,
      },
    }),
  },
  "/api/terminal": {
    post: operation("post_terminal", "Type at a terminal, or say how large its picture is", {
      body: {
        type: "object",
        properties: { seat: text, input: text, cols: cells, rows: cells },
        required: ["seat"],
        additionalProperties: false,
      },
      answer: {
        description: "whether somebody still sits there",
        content: json({
          type: "object",
          properties: { seated: { type: "boolean" } },
          required: ["seated"],
        }),
      },
    }),
  },
  "/api/mcp": {
    post: operation("post_mcp", "Speak MCP (streamable HTTP)", {
      body: { type: "object", description: "a JSON-RPC 2.0 message" },
      answer: { description: "a JSON-RPC 2.0 message", content: json({ type: "object" }) },
      more: {
        "202": { description: "what wants no answer was taken" },
        "400": {
          description: "it is no message",
          content: json({ anyOf: [ref("schemas/Failure"), jsonRpcError] }),
        },
        "406": {
          description: "the client does not accept JSON and event streams",
          content: json(jsonRpcError),
        },
      },
    }),
  },
  "/api/openapi.json": {
    get: operation("get_openapi", "Show this document", { answer: answered({ type: "object" }) }),
  },
  "/healthz": {
    get: {
      ...probe("healthz", "Say that the process answers, and prove that it holds its token", [200]),
      parameters: [
        {
          name: "challenge",
          in: "query",
          required: false,
          description:
            "answered in the header `x-threados-proof`: the HMAC-SHA256 of `threados <port> <challenge>` under the token, in base64url",
          schema: { type: "string", pattern: "^[A-Za-z0-9_-]{22,64}$" },
        },
      ],
    },
  },
  "/readyz": { get: probe("readyz", "Say whether the workspace can be worked with", [200, 503]) },
};

function operation(
  operationId: string,
  summary: string,
  {
    parameters,
    body,
    answer,
    refusals = everywhere,
    more = {},
  }: {
    parameters?: Json[];
    body?: Map;
    answer: Map;
    refusals?: readonly FailureCode[];
    /** Answers beside these. */
    more?: Map;
  },
): Map {
  const { codes, byStatus } = refusing(refusals, body ? "post" : "get");
  return {
    operationId,
    summary,
    ...(parameters ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: json(body) } } : {}),
    responses: { "200": answer, ...byStatus, ...more },
    "x-refusal": codes,
  };
}

function probe(operationId: string, summary: string, statuses: number[]): Map {
  const said = (status: number): Map => ({
    description: "how it stands",
    content: json({
      type: "object",
      properties: status === 200 ? { ok: { const: true } } : { ok: { const: false }, code: text },
      required: status === 200 ? ["ok"] : ["ok", "code"],
    }),
  });
  const responses = Object.fromEntries(statuses.map((status) => [String(status), said(status)]));
  return { operationId, summary, security: [], responses };
}

/** What the addresses share: the token, and the shapes of answers. */
export function parts(): Map {
  const strings: Map = { type: "array", items: text };
  const said: Map = { code: text, message: text, hint: text };
  return {
    securitySchemes: {
      token: { type: "http", scheme: "bearer", description: "the token of this server's session" },
    },
    headers: { ETag: { description: "for `If-None-Match`", schema: text } },
    responses: {
      Done: { description: "it was done, or would be (`dry_run`)", content: json(ref("schemas/Done")) },
      Refused: { description: "it was refused, and nothing changed", content: json(ref("schemas/Failure")) },
      Asked: {
        description:
          "a person has to agree first: send the same again with `confirm`; what a step asks for waits as a proposal",
        content: json({ anyOf: [ref("schemas/Question"), ref("schemas/Pending")] }),
      },
    },
    schemas: {
      ...partSchemas(),
      Failure: {
        type: "object",
        properties: {
          error: {
            type: "object",
            properties: said,
            required: ["code", "message"],
            additionalProperties: true,
          },
          code: { type: "string", description: "the same as `error.code`, such as `dep.cycle`" },
        },
        required: ["error", "code"],
      },
      Question: {
        type: "object",
        properties: {
          error: {
            type: "object",
            properties: {
              ...said,
              confirmation_required: { const: true },
              confirm: { type: "string", description: "digest of exactly what was shown" },
              times: { enum: [1, 2], description: "how often a person is to be asked" },
              summary: text,
              shows: strings,
              about: {
                type: "object",
                description: "what a yes comes to, part by part: its calls, changes, and what starts",
                properties: {
                  call: { type: "object", additionalProperties: true },
                  parts: { type: "array", items: { type: "object", additionalProperties: true } },
                  changes: { type: "object", additionalProperties: true },
                  starts: { type: "array", items: { type: "object", additionalProperties: true } },
                  follows: {
                    type: "array",
                    items: { type: "object", additionalProperties: true },
                    description: "what was asked for before, and goes on once that is done",
                  },
                  shown: { ...strings, description: "what a gate shows, where the yes is to that" },
                  beside: strings,
                  undone: { type: "boolean", description: "whether undo takes all of it back" },
                },
                required: ["call", "parts", "changes", "starts", "follows", "beside", "undone"],
              },
            },
            required: ["code", "message", "confirmation_required", "confirm"],
            additionalProperties: true,
          },
          code: { const: "confirm.required" },
        },
        required: ["error", "code"],
      },
      Pending: {
        type: "object",
        properties: {
          error: {
            type: "object",
            properties: {
              ...said,
              proposal: { type: "string", description: "id of the proposal that waits for a person" },
              summary: text,
            },
            required: ["code", "message", "summary"],
            additionalProperties: true,
          },
          code: { const: "approval.pending" },
        },
        required: ["error", "code"],
      },
    },
  };
}
