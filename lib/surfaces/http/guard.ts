import { type Refusal, refuse } from "./refusal";
import type { Target } from "./target";

/** The largest body of a request. */
export const MAX_BODY_BYTES = 1024 * 1024;
const MAX_HEADERS = 100;
const NAMES = ["127.0.0.1", "localhost", "[::1]"];
const METHODS = { api: ["GET", "POST"], page: ["GET", "HEAD"], probe: ["GET", "HEAD"] } as const;
const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i;
const LENGTH = /^\d{1,15}$/;
// What proxies and the framework use to speak about a request; from outside it could only be a lie.
const FOREIGN =
  /^(?:forwarded|via|next-action|x-action-.*|x-forwarded-.*|x-http-method.*|x-invoke-.*|x-matched-path|x-method-override|x-middleware-.*|x-nextjs-.*|x-now-.*|x-original-.*|x-real-ip|x-rewrite-url|x-threados-.*|x-vercel-.*)$/;

/** A request's headers, every one of them: lower-case name and value, in the order in which they came. */
export type Headers = readonly (readonly [name: string, value: string])[];

/** All values of a header; a header sent twice has two. */
export function valuesOf(headers: Headers, name: string): string[] {
  return headers.flatMap(([key, value]) => (key === name ? [value] : []));
}

/** Asked first of all: was the request meant for this server? Answers DNS rebinding. */
export function checkHost(headers: Headers, port: number): Refusal | undefined {
  const hosts = valuesOf(headers, "host").map((host) => host.toLowerCase());
  if (hosts.length === 1 && ownHosts(port).includes(hosts[0] ?? "")) return undefined;
  return refuse(421, `this server answers to 127.0.0.1:${port} only`);
}

/** Refuses what another site's page sends; top-level navigation to the page carries no data and may come from anywhere. */
export function checkOrigin(headers: Headers, port: number, target: Target): Refusal | undefined {
  const own = ownHosts(port).map((host) => `http://${host}`);
  const foreign = valuesOf(headers, "origin").find((origin) => !own.includes(origin));
  if (foreign !== undefined) return refuse(403, "the request comes from another site");
  const sites = valuesOf(headers, "sec-fetch-site");
  if (sites.every((site) => site === "same-origin" || site === "none")) return undefined;
  if (target.area === "page" && isNavigation(headers)) return undefined;
  return refuse(403, "the request comes from another site");
}

/** Refuses methods, headers and bodies that no client of ours sends. */
export function checkForm(headers: Headers, method: string, { area }: Target): Refusal | undefined {
  if (headers.length > MAX_HEADERS) return refuse(400, `more than ${MAX_HEADERS} headers`);
  const foreign = headers.find(([name]) => FOREIGN.test(name));
  if (foreign) return refuse(400, `the header '${foreign[0]}' is not accepted here`);
  if (!allowedMethods(area).includes(method)) return refuse(405, `${method} is not possible here`);
  return method === "POST" ? checkBody(headers) : checkNoBody(headers);
}

/** The methods of an area, as the `Allow` header lists them. */
export function allowedMethods(area: Target["area"]): readonly string[] {
  return METHODS[area];
}

/** Refuses a body that is not JSON, or announced as too large. */
export function checkBody(headers: Headers): Refusal | undefined {
  const types = valuesOf(headers, "content-type");
  if (types.length !== 1 || !JSON_TYPE.test(types[0] ?? ""))
    return refuse(415, "the body must be application/json");
  if (valuesOf(headers, "content-encoding").length > 0) return refuse(415, "the body must not be compressed");
  const length = valuesOf(headers, "content-length").at(0);
  if (length === undefined) return undefined;
  if (!LENGTH.test(length)) return refuse(400, "the content-length is malformed");
  return Number(length) > MAX_BODY_BYTES ? bodyTooLarge() : undefined;
}

/** The refusal of a body over the limit. */
export function bodyTooLarge(): Refusal {
  return refuse(413, `the body is larger than ${MAX_BODY_BYTES} bytes`);
}

function checkNoBody(headers: Headers): Refusal | undefined {
  const isEmpty = valuesOf(headers, "content-length").every((length) => length === "0");
  if (isEmpty && valuesOf(headers, "transfer-encoding").length === 0) return undefined;
  return refuse(400, "a body is not accepted here");
}

function isNavigation(headers: Headers): boolean {
  const is = (name: string, value: string) => valuesOf(headers, name).join() === value;
  return is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document");
}

function ownHosts(port: number): string[] {
  return NAMES.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
}
