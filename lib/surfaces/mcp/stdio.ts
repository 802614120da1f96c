import { Transform } from "node:stream";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { Caller } from "../../core/actor";
import { createMcpServer } from "./server";
import { faultOf } from "./well-formed";
import type { Workspace } from "./workspace";

const parseError = -32_700;
const invalidRequest = -32_600;
/** The longest line that the SDK reads, in bytes. */
const mostHeld = 10 * 1024 * 1024;

/** Serves MCP on standard input and output until the client closes its end; nothing else may be printed there. */
export async function serveStdio(workspace: Workspace, caller: Caller, version: string): Promise<void> {
  const server = createMcpServer(workspace, caller, version);
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const answer = (said: object) => {
    // Its type knows no answer without an id; JSON-RPC wants null where there was none to be read.
    void transport.send(said as Parameters<typeof transport.send>[0]);
  };
  const lines = wellFormedLines(answer);
  // What is still being answered keeps the process alive after the last line has come in.
  lines.once("end", resolve);
  process.stdout.once("error", () => void server.close().then(resolve));
  const transport = new StdioServerTransport(lines);
  // The SDK skips a line that it can't read without a word, and whoever wrote it would wait for ever.
  transport.onerror = (error) => {
    const said = answerToGarbage(error);
    if (said) answer(said);
  };
  server.onclose = () => {
    process.stdin.unpipe(lines);
    process.stdin.pause();
    resolve();
  };
  await server.connect(transport);
  process.stdin.pipe(lines);
  await ended;
}

/** Takes out what is no request that can be carried out, and answers it; all else passes as it stands. */
function wellFormedLines(answer: (said: object) => void): Transform {
  let pending: Buffer[] = [];
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        const line = Buffer.concat([...pending, chunk.subarray(from, end + 1)]);
        [pending, size, from] = [[], 0, end + 1];
        const fault = faultIn(line);
        if (fault) answer(fault);
        else this.push(line);
      }
      pending.push(chunk.subarray(from));
      size += chunk.length - from;
      if (size > mostHeld) {
        // The SDK refuses what is as long, and ends.
        this.push(Buffer.concat(pending));
        [pending, size] = [[], 0];
      }
      done();
    },
  });
}

/** A line that is no JSON is for the SDK to complain of. */
function faultIn(line: Buffer): object | undefined {
  try {
    return faultOf(JSON.parse(line.toString("utf8")));
  } catch {
    return undefined;
  }
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
