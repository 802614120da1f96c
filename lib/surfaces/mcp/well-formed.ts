import {
  CallToolRequestSchema,
  GetPromptRequestSchema,
  InitializeRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import type { z } from "zod";
import { saidOf } from "../../core/issue";

const invalidRequest = -32_600;
/** The code of JSON-RPC for params that a method can't take. */
export const invalidParams = -32_602;

/** What each method that this server knows takes. */
const methods: Record<string, { safeParse(value: unknown): { success: boolean; error?: unknown } }> = {
  initialize: InitializeRequestSchema,
  "tools/list": ListToolsRequestSchema,
  "tools/call": CallToolRequestSchema,
  "resources/list": ListResourcesRequestSchema,
  "resources/templates/list": ListResourceTemplatesRequestSchema,
  "resources/read": ReadResourceRequestSchema,
  "prompts/list": ListPromptsRequestSchema,
  "prompts/get": GetPromptRequestSchema,
};

/** An answer that is an error, as JSON-RPC has it; `id` is null where there was none to be read. */
export interface ErrorAnswer {
  jsonrpc: "2.0";
  id: string | number | null;
  error: { code: number; message: string };
}

/**
 * What a message is answered that can't be carried out as it stands; undefined for one that can, or that nobody waits for. Asked
 * before the SDK sees it: that would skip some without their id, and answer others with all its schema found.
 */
export function faultOf(message: unknown): ErrorAnswer | undefined {
  if (typeof message !== "object" || message === null || Array.isArray(message))
    return refuse(null, invalidRequest, "Invalid Request: a message is one object of JSON-RPC 2.0");
  const { jsonrpc, id, method, params } = message as Record<string, unknown>;
  const known = typeof id === "string" || Number.isSafeInteger(id) ? (id as string | number) : null;
  const invalid = (problem: string) => refuse(known, invalidRequest, `Invalid Request: ${problem}`);
  if (jsonrpc !== "2.0") return invalid('`jsonrpc` must be "2.0"');
  // What answers this server's own questions is none of its clients' requests.
  if (method === undefined && ("result" in message || "error" in message)) return undefined;
  if (typeof method !== "string") return invalid("`method` must be a text");
  if (id === undefined) return undefined;
  if (known === null) return invalid("`id` must be a text or a whole number");
  if (params !== undefined && (typeof params !== "object" || params === null || Array.isArray(params)))
    return refuse(known, invalidParams, `Invalid params of ${shown(method)}: they must be an object`);
  const schema = Object.hasOwn(methods, method) ? methods[method] : undefined;
  const judged = schema?.safeParse(message);
  if (!judged || judged.success) return undefined;
  return refuse(known, invalidParams, `Invalid params of ${method}: ${problemIn(judged.error)}`);
}

/** The first thing that is wrong, by the name of its key. */
function problemIn(error: unknown): string {
  const [issue] = (error as { issues?: z.core.$ZodIssue[] }).issues ?? [];
  const key = (issue?.path ?? []).slice(1).map(String).join(".");
  const said = /received undefined$/.test(issue?.message ?? "") ? "is missing" : saidOf(issue);
  return key === ""
    ? `they are ${said.replace(/^is /, "")}`
    : `\`${shown(key)}\` ${said.replace(/^expected /, "must be ")}`;
}

const shown = (text: string) => text.slice(0, 100);

function refuse(id: ErrorAnswer["id"], code: number, message: string): ErrorAnswer {
  return { jsonrpc: "2.0", id, error: { code, message } };
}
