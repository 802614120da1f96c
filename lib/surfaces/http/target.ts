import { type Refusal, refuse } from "./refusal";

const MAX_LENGTH = 4096;
// No escapes, no empty or dot segments: what the guard reads is what every later reader reads.
const PATH = /^\/(?:(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)*)?$/;
const QUERY = /^[!$-~]*$/;

/** What a request is for: the page and its files, the API, or the two probes. */
export type Area = "page" | "api" | "probe";

/** A request's target, taken apart without decoding anything. */
export interface Target {
  path: string;
  query: string;
  area: Area;
}

/** Reads the raw request target; anything that two programs could read differently is refused. */
export function readTarget(raw: string): Target | Refusal {
  if (raw.length > MAX_LENGTH) return refuse(400, `the address is longer than ${MAX_LENGTH} characters`);
  const mark = raw.indexOf("?");
  const path = mark < 0 ? raw : raw.slice(0, mark);
  const query = mark < 0 ? "" : raw.slice(mark + 1);
  if (!PATH.test(path) || !QUERY.test(query)) return refuse(400, "the address is malformed");
  return { path, query, area: areaOf(path) };
}

/** The area that a path lies in. */
export function areaOf(path: string): Area {
  if (path === "/api" || path.startsWith("/api/")) return "api";
  return path === "/healthz" || path === "/readyz" ? "probe" : "page";
}
