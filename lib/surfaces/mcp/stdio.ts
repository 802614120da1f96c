import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { Caller } from "../../core/actor";
import { createMcpServer } from "./server";
import type { Workspace } from "./workspace";

/** Serves MCP on standard input and output until the client closes its end; nothing else may be printed there. */
export async function serveStdio(workspace: Workspace, caller: Caller, version: string): Promise<void> {
  const server = createMcpServer(workspace, caller, version);
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  // What is still being answered keeps the process alive after the last line has come in.
  process.stdin.once("end", resolve);
  process.stdout.once("error", () => void server.close().then(resolve));
  await server.connect(new StdioServerTransport());
  await ended;
}
