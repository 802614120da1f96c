import type { Call, Done, Question } from "./call";
import type { Answer } from "./desk";
import type {
  AgentDocument,
  AttemptOf,
  AuditPage,
  AuditProof,
  DefinitionDocument,
  FusionDocument,
  GateDocument,
  HistoryDocument,
  InboxDocument,
  LayoutDocument,
  LogChunk,
  LogLines,
  LogMatches,
  Problem,
  PromptDocument,
  ReplayDocument,
  RunDocument,
  RunHead,
  SequenceDocument,
  StatusDocument,
  TextDocument,
} from "./wire";

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

/** What the page asks the server, and asks of it. */
export interface Api {
  token: string;
  status(): Promise<StatusDocument>;
  sequence(): Promise<SequenceDocument>;
  /** A fusion's candidates side by side; by its merge or one of them, in a run or the newest. */
  fusion(of: string, run: string | undefined): Promise<FusionDocument>;
  history(): Promise<HistoryDocument>;
  /** The definition's text as it stands, also where it can't be read. */
  text(): Promise<TextDocument>;
  layout(): Promise<LayoutDocument>;
  prompt(id: string): Promise<PromptDocument>;
  agents(): Promise<{ agents: AgentDocument[] }>;
  runs(): Promise<{ runs: RunHead[] }>;
  run(id: string): Promise<RunDocument>;
  /** Asks for something to be done; `confirm` is the digest of what the person agreed to. */
  send(call: Call, confirm?: string): Promise<Answer>;
  /** What a call would come to; nothing is done by it, and nobody is asked. */
  tryOut(call: Call): Promise<Answer>;
  inbox(): Promise<InboxDocument>;
  /** Checks the audit log from its first entry to its last; rejected with what is wrong. */
  verify(): Promise<AuditProof>;
  step(id: string): Promise<DefinitionDocument>;
  gate(id: string): Promise<GateDocument>;
  artifacts(of: AttemptOf): Promise<{ files: { name: string; size: number }[] }>;
  artifact(of: AttemptOf & { name: string; limit: number }): Promise<LogChunk>;
  logs(query: LogPlace & { limit?: number }): Promise<LogChunk>;
  logLines(query: LogPlace): Promise<LogLines>;
  searchLog(query: LogPlace & LogSearch & { limit: number }, signal: AbortSignal): Promise<LogMatches>;
  replay(run: string, after: number): Promise<ReplayDocument>;
  audit(query: Record<string, string | number>): Promise<AuditPage>;
  /** Hands a terminal what was typed, or how large its picture is; whether the seat that it comes from is still one. */
  terminal(body: Record<string, string | number>): Promise<{ seated: boolean }>;
  problems(): Promise<{ problems: Problem[] }>;
  /** One entry of the audit log; null if there is none with that number. */
  auditEntry(seq: number): Promise<Record<string, unknown> | null>;
}

/** A place in one output of one attempt. */
interface LogPlace {
  id: string;
  run: string;
  attempt: number;
  stream: string;
  from: number;
}

/** What is looked for in a log. */
export interface LogSearch {
  text: string;
  pattern: boolean;
  match_case: boolean;
}

/** A question or refusal that comes back is an answer to us; as a failure the browser would report it on its console. */
export const accept = "application/vnd.threados.answer+json, application/json";

// A line can break behind a request as well as before it: the browser does not say which.
const hint = "look whether it was done before you try again";

/** The refusal where no answer came. */
export const unreachable: Refusal = {
  status: 0,
  code: "unreachable",
  message: "the server can't be reached",
  hint,
};

/** The refusal where an answer began and did not end. */
export const cutOff: Refusal = {
  status: 0,
  code: "unreachable",
  message: "the server's answer was cut off",
  hint,
};

/** A change that is shown makes many parts of the page ask at once: what is known is drawn before that. */
const drawn = () => new Promise<void>((resolve) => setTimeout(resolve));

/** The API with a session's token; `onUnauthorized` is called when the server no longer knows it. */
export function createApi(token: string, onUnauthorized: () => void): Api {
  async function get<T>(
    path: string,
    query: Record<string, string | number | boolean> = {},
    signal?: AbortSignal,
  ): Promise<T> {
    const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
    const url = search.size > 0 ? `/api/${path}?${search}` : `/api/${path}`;
    const headers = { authorization: `Bearer ${token}`, accept };
    await drawn();
    const response = await fetch(url, { headers, cache: "no-store", ...(signal ? { signal } : {}) });
    const status = refusedWith(response);
    if (status === undefined) return response.json();
    if (status === 401) onUnauthorized();
    throw new ApiError(readRefusal(status, await response.text()));
  }
  async function send({ action, input }: Call, confirm?: string): Promise<Answer> {
    const [noun, verb] = action.split(".");
    const body = JSON.stringify({ ...input, action: verb, ...(confirm === undefined ? {} : { confirm }) });
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", accept };
    const response = await fetch(`/api/${noun}`, { method: "POST", headers, body }).catch(() => undefined);
    if (!response) return { kind: "refused", refusal: unreachable };
    const said = await response.text().catch(() => undefined);
    if (said === undefined) return { kind: "refused", refusal: cutOff };
    const status = refusedWith(response);
    if (status === undefined) return { kind: "done", done: JSON.parse(said) as Done };
    const question = questionIn(said);
    if (question) return { kind: "asked", question };
    if (status === 401) onUnauthorized();
    return { kind: "refused", refusal: readRefusal(status, said) };
  }
  async function terminal(body: Record<string, string | number>): Promise<{ seated: boolean }> {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    const response = await fetch("/api/terminal", init).catch(() => undefined);
    if (!response) throw new ApiError(unreachable);
    if (response.ok) return response.json();
    if (response.status === 401) onUnauthorized();
    throw new ApiError(readRefusal(response.status, await response.text()));
  }
  return {
    token,
    send,
    tryOut: ({ action, input }) => send({ action, input: { ...input, dry_run: true } }),
    terminal,
    status: () => get("status"),
    sequence: () => get("sequence"),
    fusion: (synth, run) => get("fusion", { synth, ...(run === undefined ? {} : { run }) }),
    history: () => get("sequence", { view: "history" }),
    text: () => get("sequence", { view: "text" }),
    layout: () => get("layout"),
    prompt: (id) => get("prompt", { id }),
    agents: () => get("agents"),
    runs: () => get("runs"),
    run: (id) => get("runs", { run: id }),
    inbox: () => get("inbox"),
    verify: () => get("audit", { view: "verify" }),
    step: (id) => get("step", { id }),
    gate: (id) => get("gate", { id }),
    artifacts: (of) => get("runs", { ...of }),
    artifact: (of) => get("runs", { ...of }),
    logs: (query) => get("logs", { ...query }),
    logLines: (query) => get("logs", { view: "lines", ...query }),
    searchLog: (query, signal) => get("logs", { view: "search", ...query }, signal),
    replay: (run, after) => get("runs", { view: "replay", run, after }),
    audit: (query) => get("audit", { view: "find", ...query }),
    problems: () => get("sequence", { view: "problems" }),
    auditEntry: async (seq) => {
      const { entries } = await get<{ entries: Record<string, unknown>[] }>("audit", {
        offset: Math.max(0, seq - 1),
        limit: 1,
      });
      return entries.find((entry) => entry.seq === seq) ?? null;
    },
  };
}

/** The status of a refusal or question, in whichever of its two forms it came; undefined for what was done or found. */
export function refusedWith(response: Response): number | undefined {
  const said = response.headers.get("x-refusal");
  if (said !== null) return Number(said);
  return response.ok ? undefined : response.status;
}

/** The question in a refusal that is one: what has to be agreed to first, or what a proposal would do by now. */
export function questionIn(body: string): Question | undefined {
  try {
    const { code, error } = JSON.parse(body);
    if (code === "confirm.required") return error;
    if (code === "proposal.moved") return { ...error, why: "it does something else than its proposer saw" };
  } catch {
    // Not JSON: no question of ours.
  }
  return undefined;
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
