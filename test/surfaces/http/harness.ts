import { connect } from "node:net";
import { guard, listen, type Timeouts } from "../../../lib/surfaces/http/front";
import { type FeedLimits, statusFeed } from "../../../lib/surfaces/http/status-feed";
import { authorizer, proofOf } from "../../../lib/surfaces/http/token";
import type { Workspace } from "../../../lib/surfaces/http/visit";
import { holdAgainst } from "./described";
import { fakeWorkspace } from "./fake-workspace";
import { answerWith, routeFiles } from "./route-files";

/** The token of every server under test. */
export const TOKEN = "the-token-of-the-test";
/** The page that stands in for Next's. */
const PAGE = "<!DOCTYPE html><title>page</title>";

/** What a test may set. */
export interface Settings {
  feed?: Partial<FeedLimits>;
  timeouts?: Partial<Timeouts>;
  now?: () => number;
  /** A real workspace in the fake one's place. */
  workspace?: Workspace;
}

/**
 * A guarded server on real sockets, with the app's own route files behind it and a fake (or given) workspace behind those.
 * Whatever a given workspace answers is held against the API's description.
 */
export async function openServer({ feed, timeouts, now, workspace: given }: Settings = {}) {
  const fake = fakeWorkspace();
  const workspace = given ?? fake.workspace;
  const defaults: Timeouts = {
    headersTimeout: 10_000,
    requestTimeout: 20_000,
    keepAliveTimeout: 5000,
    connectionsCheckingInterval: 50,
  };
  const listening = await listen(0, { ...defaults, ...timeouts });
  if (!listening.ok) throw new Error(JSON.stringify(listening.failure));
  const { server, port } = listening.value;
  const session = {
    workspace,
    port,
    authorize: authorizer(TOKEN, now ?? Date.now, await workspace.holds()),
    prove: (challenge: string) => proofOf(TOKEN, port, challenge),
    feed: statusFeed(workspace, { pollMs: 60_000, keepAliveMs: 60_000, maxClients: 200, ...feed }),
    sittings: new Map(),
  };
  let reached = 0;
  const answer = answerWith(await routeFiles(), PAGE);
  guard(server, {
    session,
    policy: "default-src 'self'",
    answer: (request, response) => {
      reached++;
      return answer(request, response);
    },
  });
  const origin = `http://127.0.0.1:${port}`;
  return {
    fake,
    session,
    server,
    port,
    origin,
    /** How many requests got past the guard. */
    reached: () => reached,
    get: async (path: string, headers: Record<string, string> = {}, signal?: AbortSignal) => {
      const answer = await fetch(origin + path, {
        headers: { authorization: `Bearer ${TOKEN}`, ...headers },
        ...(signal ? { signal } : {}),
      });
      return given ? holdAgainst("get", path, answer) : answer;
    },
    post: async (path: string, body: unknown, headers: Record<string, string> = {}) => {
      const answer = await fetch(origin + path, {
        method: "POST",
        headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json", ...headers },
        body:
          typeof body === "string" || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
      });
      return given ? holdAgainst("post", path, answer) : answer;
    },
    close: async () => {
      session.feed.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A server under test. */
export type TestServer = Awaited<ReturnType<typeof openServer>>;

/** An answer as it stood on the wire. */
export interface RawAnswer {
  status: number;
  head: string;
  body: string;
}

/** Sends bytes as they are and reads until the answer is whole or the server closes. */
export function sendRaw(port: number, request: string | Uint8Array): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let text = "";
    const isHead = String(request).startsWith("HEAD");
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    const finish = () => {
      socket.destroy();
      const [head = "", body = ""] = split(text);
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body });
    };
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      const [head = "", body = ""] = split(text);
      const length = /content-length: (\d+)/i.exec(head)?.[1];
      const isBare = /^HTTP\/1\.1 304/.test(head) || (isHead && head !== "");
      if (isBare || (length !== undefined && body.length >= Number(length))) finish();
      else if (/transfer-encoding: chunked/i.test(head) && body.endsWith("0\r\n\r\n")) finish();
    });
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNRESET" ? finish() : reject(error),
    );
    socket.on("close", finish);
  });
}

function split(text: string): [string, string] {
  const at = text.indexOf("\r\n\r\n");
  return at < 0 ? ["", ""] : [text.slice(0, at), text.slice(at + 4)];
}
