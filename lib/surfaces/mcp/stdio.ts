import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { Caller } from "../../core/actor";
import { createMcpServer } from "./server";
import type { Workspace } from "./workspace";

const parseError = -32_700;
const invalidRequest = -32_600;

/** Serves MCP on standard input and output until the client closes its end; nothing else may be printed there. */
export async function serveStdio(workspace: Workspace, caller: Caller, version: string): Promise<void> {
  const server = createMcpServer(workspace, caller, version);
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  // What is still being answered keeps the process alive after the last line has come in.
  process.stdin.once("end", resolve);
  process.stdout.once("error", () => void server.close().then(resolve));
  const transport = new StdioServerTransport();
  // The SDK skips a line that it can't read without a word, and whoever wrote it would wait for ever.
  transport.onerror = (error) => {
    const answer = answerToGarbage(error);
    // Its type knows no answer without an id; JSON-RPC wants null where there was none to be read.
    if (answer) void transport.send(answer as unknown as Parameters<typeof transport.send>[0]);
  };
  server.onclose = resolve;
  await server.connect(transport);
  await ended;
}

/** What JSON-RPC answers to a line that is no message; nothing to an error of another kind. */
function answerToGarbage({ name, message }: Error) {
  const said = (code: number, problem: string) => ({
    jsonrpc: "2.0",
    id: null,
    error: { code, message: problem },
  });
  if (name === "SyntaxError") return said(parseError, "Parse error: the line is no JSON");
  if (/^\$?ZodError$/.test(name))
    return said(invalidRequest, "Invalid Request: the line is no message of JSON-RPC 2.0");
  if (message.startsWith("ReadBuffer exceeded"))
    return said(parseError, "Parse error: the line is longer than this server reads");
  return undefined;
}
