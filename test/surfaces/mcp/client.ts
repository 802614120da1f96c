import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { createMcpServer } from "../../../lib/surfaces/mcp/server";
import { mcpCaller } from "../../../lib/surfaces/mcp/workspace";
import { opened } from "../../rig/fake-shell";
import type { Doc, Workspace } from "../../rig/workspace";

/** What a tool answered, as tests read it. */
export interface Said {
  text: string;
  body: Doc;
  isError: boolean;
}

/** The SDK's own client, connected. */
export interface Agent {
  client: Client;
  call(tool: string, input?: Record<string, unknown>): Promise<Said>;
}

/** Connects the SDK's client through a transport. */
export async function connect(transport: Transport): Promise<Agent> {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(transport);
  return {
    client,
    call: async (name, input = {}) => {
      const { content, structuredContent, isError } = await client.callTool({ name, arguments: input });
      const [first] = content as { text: string }[];
      return { text: first?.text ?? "", body: structuredContent as Doc, isError: isError === true };
    },
  };
}

/** A client in memory, as the agent of no step or of the one named. */
export async function agentIn(at: Workspace, step?: string): Promise<Agent> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await createMcpServer(await opened(at), mcpCaller(step), "1.2.3").connect(far);
  return connect(near);
}
