import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { createMcpServer } from "./server";
import { faultOf, invalidParams } from "./well-formed";
import { mcpCaller, type Workspace } from "./workspace";

/**
 * Answers one message of streamable HTTP. There are no sessions: this server never speaks unasked, so that nothing has to be
 * remembered between two requests, and nothing can be taken over.
 */
export async function answerMessage(
  request: Request,
  message: unknown,
  workspace: Workspace,
  version: string,
  bearer: { token?: string } = {},
): Promise<Response> {
  const fault = Array.isArray(message) ? undefined : faultOf(message);
  if (fault) return Response.json(fault, { status: fault.error.code === invalidParams ? 200 : 400 });
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  const server = createMcpServer(workspace, mcpCaller(undefined, bearer.token), version);
  // The SDK's own transports don't fit its interface under exactOptionalPropertyTypes.
  await server.connect(transport as Parameters<typeof server.connect>[0]);
  try {
    return await transport.handleRequest(request, { parsedBody: message });
  } finally {
    await server.close();
  }
}
