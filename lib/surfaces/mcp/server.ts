import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import type { Caller } from "../../core/actor";
import { getPrompt, instructions, prompts } from "./prompts";
import { listResources, readResource, resourceTemplates } from "./resources";
import { callTool, listTools } from "./tools";
import type { Workspace } from "./workspace";

/** An MCP server for one workspace and one caller. The door checks input, so that all surfaces refuse alike. */
export function createMcpServer(workspace: Workspace, caller: Caller, version: string): Server {
  const capabilities = { tools: {}, resources: {}, prompts: {} };
  const server = new Server({ name: "threados", title: "ThreadOS", version }, { capabilities, instructions });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listTools() }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const result = await callTool(workspace, caller, params.name, params.arguments ?? {});
    if (!result) throw new McpError(-32_602, `there is no tool '${params.name.slice(0, 100)}'`);
    return result;
  });
  server.setRequestHandler(ListResourcesRequestSchema, ({ params }) =>
    listResources(workspace, params?.cursor),
  );
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }) => readResource(workspace, params.uri));
  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) =>
    getPrompt(params.name, params.arguments ?? {}),
  );
  return server;
}
