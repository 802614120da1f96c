import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { Glob } from "bun";
import type { Answer } from "../../../lib/surfaces/http/front";
import type { Handler } from "../../../lib/surfaces/http/route";

/** A route file of the app: its address as a pattern, an example of it, and its handlers. */
export interface RouteFile {
  file: string;
  pattern: RegExp;
  example: string;
  handlers: Partial<Record<string, Handler>>;
}

const app = join(import.meta.dir, "../../../app");

/** Every route file below app/, imported. */
export async function routeFiles(): Promise<RouteFile[]> {
  // What catches the rest comes last, as with Next.
  const files = [...new Glob("**/route.ts").scanSync(app)].sort(
    (a, b) => Number(a.includes("[[")) - Number(b.includes("[[")),
  );
  return Promise.all(
    files.map(async (file) => {
      const address = `/${file.replace(/\/route\.ts$/, "")}`;
      return {
        file,
        pattern: new RegExp(
          `^${address.replace(/\/\[\[.*/, "(?:/.*)?").replace(/\[(\w+)\]/g, "(?<$1>[^/]+)")}$`,
        ),
        example: address.replace(/[[\]]|\.{3}/g, ""),
        handlers: (await import(join(app, file))) as RouteFile["handlers"],
      };
    }),
  );
}

/** Answers as Next would, with the same route files and back-pressure, but without Next. */
export function answerWith(files: RouteFile[], page: string): Answer {
  return async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? "/", "http://localhost");
    for (const { pattern, handlers } of files) {
      const match = pattern.exec(url.pathname);
      if (!match) continue;
      const handler = handlers[incoming.method ?? ""];
      if (!handler) return void outgoing.writeHead(405).end();
      return deliver(
        await handler(toRequest(incoming, url), { params: Promise.resolve(match.groups) }),
        outgoing,
      );
    }
    outgoing.writeHead(url.pathname === "/" ? 200 : 404, { "content-type": "text/html" }).end(page);
  };
}

function toRequest(incoming: IncomingMessage, url: URL): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
  const body =
    incoming.method === "POST" ? (Readable.toWeb(incoming) as unknown as ReadableStream<Uint8Array>) : null;
  return new Request(url, { method: incoming.method ?? "GET", headers, body, duplex: "half" } as RequestInit);
}

async function deliver(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.flushHeaders();
  const reader = response.body?.getReader();
  outgoing.once("close", () => void reader?.cancel().catch(() => undefined));
  for (;;) {
    const next = await reader?.read();
    if (!next || next.done) break;
    if (!outgoing.write(next.value)) await new Promise((resolve) => outgoing.once("drain", resolve));
  }
  outgoing.end();
}
