import type { DefinitionDocument, LogChunk, StatusDocument } from "./wire";

/** A refusal as the server words it. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
  hint?: string;
}

/** Carries a refusal through React Query, which knows failures only as errors. */
export class ApiError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** The questions the page asks the server. */
export interface Api {
  token: string;
  status(): Promise<StatusDocument>;
  step(id: string): Promise<DefinitionDocument>;
  logs(query: { id: string; run: string; attempt: number; stream: string; from: number }): Promise<LogChunk>;
}

/** The API with a session's token; `onUnauthorized` is called when the server no longer knows it. */
export function createApi(token: string, onUnauthorized: () => void): Api {
  async function get<T>(path: string, query: Record<string, string | number> = {}): Promise<T> {
    const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
    const url = search.size > 0 ? `/api/${path}?${search}` : `/api/${path}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, cache: "no-store" });
    if (response.ok) return response.json();
    if (response.status === 401) onUnauthorized();
    throw new ApiError(readRefusal(response.status, await response.text()));
  }
  return {
    token,
    status: () => get("status"),
    step: (id) => get("step", { id }),
    logs: (query) => get("logs", query),
  };
}

/** Reads the server's words of refusal; a body of any other shape still gives a sentence. */
export function readRefusal(status: number, body: string): Refusal {
  try {
    const { error } = JSON.parse(body);
    if (typeof error?.message === "string") {
      return {
        status,
        code: String(error.code),
        message: error.message,
        ...(error.hint ? { hint: String(error.hint) } : {}),
      };
    }
  } catch {
    // Not JSON: something other than ThreadOS answered.
  }
  return { status, code: "http", message: `the server answered ${status}` };
}
