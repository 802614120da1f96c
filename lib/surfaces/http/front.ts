import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Failure } from "../../core/failure";
import { thrownFailure } from "../../core/failure-thrown";
import { err, ok, type Result } from "../../core/result";
import { allowedMethods, checkForm, checkHost, checkOrigin, type Headers } from "./guard";
import { refuse } from "./refusal";
import { failureHeaders, jsonHeaders, sayFailure } from "./reply";
import { DATA_POLICY, securityHeaders } from "./security-headers";
import { areaOf, readTarget, type Target } from "./target";
import { duringVisit, type Session } from "./visit";

const LOOPBACK = "127.0.0.1";
// A request must be complete in time, its headers sooner; answers may take as long as they like.
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
};
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_CONNECTIONS = 512;

/** Answers requests that passed the guard. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** What stands behind the guard. */
export interface Behind {
  session: Session;
  answer: Answer;
  /** The content policy of pages. */
  policy: string;
}

/** How long clients may take, in ms. */
export type Timeouts = typeof TIMEOUTS;

/** A server on the loopback address alone, bound before anything stands behind it; 0 takes any free port. */
export async function listen(
  port: number,
  timeouts: Timeouts = TIMEOUTS,
): Promise<Result<{ server: Server; port: number }>> {
  const { createServer } = await import("node:http");
  const server = createServer({ ...timeouts, maxHeaderSize: MAX_HEADER_BYTES, requireHostHeader: false });
  server.maxConnections = MAX_CONNECTIONS;
  const failure = await new Promise<Failure | undefined>((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(cannotListen(port, error)));
    server.listen(port, LOOPBACK, () => resolve(undefined));
  });
  if (failure) return err(failure);
  const address = server.address();
  return ok({ server, port: typeof address === "object" && address ? address.port : port });
}

function cannotListen(port: number, error: NodeJS.ErrnoException): Failure {
  if (error.code === "EADDRINUSE") return { code: "port.busy", port };
  const problem = `can't listen (${error.code ?? error.message})`;
  return { code: "io.failed", path: `${LOOPBACK}:${port}`, problem, hint: "choose another with --port" };
}

/** Puts the guard in front of everything the server answers. */
export function guard(server: Server, behind: Behind): void {
  server.on("request", (request, response) => receive(request, response, behind));
  server.on("connect", (_request, socket) => hangUp(socket, refuse(405, "CONNECT is not possible here")));
  server.on("upgrade", (_request, socket) => hangUp(socket, refuse(400, "there is nothing to upgrade to")));
  server.on("checkExpectation", (_request, response) =>
    send(response, refuse(400, "the expectation can't be met")),
  );
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => hangUp(socket, broken(error)));
}

function receive(
  request: IncomingMessage,
  response: ServerResponse,
  { session, answer, policy }: Behind,
): void {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  // A broken connection is no news: whoever writes to it sees `gone`.
  request.on("error", () => undefined);
  response.on("error", () => undefined);
  const checked = check(request, session);
  if ("code" in checked) {
    send(response, checked, allowedMethods(areaOf(request.url ?? "")));
    return;
  }
  const isPage = checked.area === "page";
  const headers = {
    ...securityHeaders(isPage ? policy : DATA_POLICY),
    "cache-control": cacheControl(checked),
  };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const visit = { session, gone: gone.signal, drop: () => request.socket.destroy() };
  duringVisit(visit, async () => {
    try {
      await answer(request, response);
    } catch (error) {
      console.error(error);
      if (!response.headersSent) send(response, thrownFailure(error));
      else visit.drop();
    }
  });
}

/** The guard itself: where the request wants to go, or why it may not. */
function check(request: IncomingMessage, session: Session): Target | Failure {
  const headers = readHeaders(request.rawHeaders);
  const misdirected = checkHost(headers, session.port);
  if (misdirected) return misdirected;
  const target = readTarget(request.url ?? "");
  if ("code" in target) return target;
  const refusal =
    checkOrigin(headers, session.port, target) ?? checkForm(headers, request.method ?? "", target);
  return refusal ?? (target.area === "api" ? session.authorize(headers) : undefined) ?? target;
}

function readHeaders(raw: readonly string[]): Headers {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2)
    headers.push([(raw[at] ?? "").toLowerCase(), raw[at + 1] ?? ""]);
  return headers;
}

/** Files named after their content may be kept; nothing else may. */
function cacheControl({ path }: Target): string {
  return path.startsWith("/_next/static/chunks/") ? "public, max-age=31536000, immutable" : "no-store";
}

function send(response: ServerResponse, failure: Failure, allow: readonly string[] = []): void {
  const { http, body } = sayFailure(failure);
  response.writeHead(http, {
    ...securityHeaders(DATA_POLICY),
    ...jsonHeaders(body),
    ...failureHeaders(http, allow),
  });
  response.end(body);
}

/** Answers on a bare socket, where there is no response to write to. */
function hangUp(socket: Duplex, failure: Failure): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { http, body } = sayFailure(failure);
  const headers = { ...securityHeaders(DATA_POLICY), ...jsonHeaders(body), connection: "close" };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${http} Refused\r\n${lines.join("")}\r\n${body}`, () => socket.destroy());
}

function broken(error: NodeJS.ErrnoException): Failure {
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") return refuse(408, "the request took too long to arrive");
  if (error.code === "HPE_HEADER_OVERFLOW")
    return refuse(400, `the headers are larger than ${MAX_HEADER_BYTES} bytes`);
  return refuse(400, "the request can't be read");
}
