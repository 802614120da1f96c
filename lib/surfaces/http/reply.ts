import { createHash } from "node:crypto";
import type { Failure } from "../../core/failure";
import { renderFailure } from "../../core/failure-table";

/** Answers with a JSON document, or with 304 if the client already has exactly this one. */
export function replyJson(value: unknown, request: Request): Response {
  const body = JSON.stringify(value);
  if (request.method !== "GET") return new Response(body, { headers: jsonHeaders(body) });
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  const known = request.headers
    .get("if-none-match")
    ?.split(",")
    .map((tag) => tag.trim().replace(/^W\//, ""));
  if (known?.includes(etag)) return new Response(null, { status: 304, headers: { etag } });
  return new Response(body, { headers: { ...jsonHeaders(body), etag } });
}

/** Answers with a refusal: the status, body and headers every client can count on. */
export function replyFailure(failure: Failure, allow: readonly string[] = []): Response {
  const { http, body } = sayFailure(failure);
  return new Response(body, {
    status: http,
    headers: { ...jsonHeaders(body), ...failureHeaders(http, allow) },
  });
}

/** Answers with a question or refusal as an answer: 200, and in a header the status it would have had. */
export function replyPolitely(failure: Failure): Response {
  const { http, body } = sayFailure(failure);
  return new Response(body, { headers: { ...jsonHeaders(body), "x-refusal": String(http) } });
}

/** A refusal's status and JSON text. */
export function sayFailure(failure: Failure): { http: number; body: string } {
  const { http, body } = renderFailure(failure);
  return { http, body: JSON.stringify(body) };
}

/** Headers that go with a refusal's status. */
export function failureHeaders(http: number, allow: readonly string[]): Record<string, string> {
  if (http === 401) return { "www-authenticate": "Bearer" };
  if (http === 405) return { allow: allow.join(", ") };
  return http === 429 || http === 503 ? { "retry-after": "1" } : {};
}

/** Headers of a JSON text. */
export function jsonHeaders(body: string): Record<string, string> {
  return {
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(body)),
    "cache-control": "no-store",
  };
}
