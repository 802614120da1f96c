import type { Tokens } from "../core/agents/report";
import { scrubJson, scrubText } from "../core/audit/scrub";
import { contextText, quote, systemPrompt } from "../core/chat/prompt";
import type { ChatCall, World } from "../core/chat/reading";
import { ScrubbedStream } from "../core/chat/scrubbed-stream";
import { chatTools, proposeTool, viewOf } from "../core/chat/tools";
import type { Failure } from "../core/failure";
import { renderFailure } from "../core/failure-table";
import type { Json } from "../core/json";
import { err, type Result } from "../core/result";
import type { ChatModel, ChatPorts, ChatRecord, ModelMessage, ToolResult, ToolUse } from "./chat-ports";
import { type RefusedTry, recordTry, refusedTry } from "./chat-refused";
import type { Ports } from "./ports";
import { query } from "./query";
import { type Draft, rehearse } from "./rehearse";
import { withoutSecrets } from "./shown-text";

/** Most refused proposals of a turn, most requests to a model in it, and most characters of one answer of a tool. */
const mostRefusals = 3;
const mostRounds = 12;
const answerChars = 16_000;

/** One turn: what goes in. */
export interface Turn {
  ports: Ports;
  own: ChatPorts;
  model: ChatModel;
  world: World;
  messages: ModelMessage[];
  signal: AbortSignal;
  /** Whether text from elsewhere stood in the conversation before. */
  tainted: boolean;
  emit(type: ChatRecord["type"], data: ChatRecord["data"]): void;
}

/** What came of it. */
export interface TurnEnd {
  tokens: Tokens;
  costUsd: number | null;
  tainted: boolean;
  /** Whoever answers said no, and why. */
  declined: boolean;
  draft: Draft | undefined;
  failure: Failure | undefined;
  /** What a model proposed and could not have; what goes by rules tells of it by itself. */
  refused: RefusedTry[];
}

/** Lets the model answer, read and propose until it has said its word or a proposal stands. Nothing is carried out. */
export async function converse(turn: Turn): Promise<TurnEnd> {
  const { ports, own, world, signal } = turn;
  const known = ports.knownSecrets();
  const fence = own.fence();
  const context = scrubText(contextText(world, fence), known);
  const request = { system: systemPrompt(), context, tools: chatTools(), world };
  const messages = [...turn.messages];
  const end: TurnEnd = {
    tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    costUsd: null,
    tainted: turn.tainted || turn.model.looksElsewhere === true,
    declined: false,
    draft: undefined,
    failure: undefined,
    refused: [],
  };
  let refusals = 0;
  for (let round = 0; round < mostRounds; round++) {
    const said = await hear(turn, { ...request, messages }, end, known);
    if (end.failure) return end;
    if (signal.aborted) return { ...end, failure: canceled };
    if (said.uses.length === 0) return end;
    messages.push({ role: "assistant", text: said.text, uses: said.uses });
    const results: ToolResult[] = [];
    for (const use of said.uses) {
      if (use.name === proposeTool) {
        const calls = callsOf(use);
        const draft = calls.ok ? rehearse(ports, calls.value) : calls;
        if (draft.ok) return { ...end, draft: draft.value };
        refusals += 1;
        if (!turn.model.asksAll) {
          const tried = calls.ok ? calls.value : undefined;
          end.refused.push(refusedTry(tried, draft.failure, known));
          const recorded = await recordTry(ports, tried, draft.failure);
          if (!recorded.ok) return { ...end, tainted: true, failure: recorded.failure };
        }
        // Why it was refused may be told in words of the very file that is at fault.
        end.tainted = true;
        if (refusals >= mostRefusals) return { ...end, failure: draft.failure };
        results.push(refusal(use, draft.failure, fence, known));
      } else {
        end.tainted = true;
        results.push(await look(turn, use, fence, known));
      }
    }
    messages.push({ role: "results", results });
  }
  const hint = "ask for less at once, or say it in other words";
  return {
    ...end,
    failure: { code: "chat.failed", problem: "the model went on reading without an answer", hint },
  };
}

/** Said of a turn that a person ended. */
export const canceled: Failure = {
  code: "chat.failed",
  problem: "the answer was canceled",
  hint: "nothing was changed; ask again at any time",
};

/** Passes on what the model says as it comes. */
async function hear(
  { model, signal, emit }: Turn,
  request: Parameters<ChatModel["answer"]>[0],
  end: TurnEnd,
  known: readonly string[],
): Promise<{ text: string; uses: ToolUse[] }> {
  let text = "";
  let uses: ToolUse[] = [];
  let stream = new ScrubbedStream(known);
  let shown = 0;
  const show = (words: string, more: ChatRecord["data"] = {}) => {
    if (words !== "") emit("message", { text: words, ...more });
    shown += words.length;
  };
  for await (const event of model.answer(request, signal)) {
    if (signal.aborted) break;
    if (event.type === "text") {
      text += event.text;
      show(stream.push(event.text));
    } else if (event.type === "use") uses.push(event.use);
    else if (event.type === "used") {
      for (const kind of ["input", "output", "cacheRead", "cacheWrite"] as const)
        end.tokens[kind] += event.tokens[kind];
      if (event.costUsd !== null) end.costUsd = (end.costUsd ?? 0) + event.costUsd;
    } else if (event.type === "declined") end.declined = true;
    else if (event.type === "again") {
      // What was said of it counts no more: it would stand there as often as it was tried.
      const anew = shown;
      shown = 0;
      show("\n\n(The connection broke; the answer begins anew.)\n\n", { anew });
      stream = new ScrubbedStream(known);
      text = "";
      uses = [];
    } else end.failure = event.failure;
  }
  show(stream.end());
  return { text, uses };
}

/** The calls of a proposal, if its input has their form. */
function callsOf({ input, malformed }: ToolUse): Result<ChatCall[]> {
  const wrong = (problem: string) => err({ code: "input.invalid", problem: `propose: ${problem}` });
  if (malformed !== undefined) return wrong("the input is not valid JSON");
  const { calls } = input;
  if (!Array.isArray(calls) || calls.length === 0 || calls.length > 200)
    return wrong("'calls' must be a list of 1 to 200 calls");
  const found: ChatCall[] = [];
  for (const call of calls as unknown[]) {
    const { action, input: given } = (
      typeof call === "object" && call !== null ? call : {}
    ) as Partial<ChatCall>;
    if (typeof action !== "string" || typeof given !== "object" || given === null || Array.isArray(given))
      return wrong(`each call must be {"action": "<name>", "input": {…}}`);
    found.push({ action, input: given });
  }
  return { ok: true, value: found };
}

function refusal(
  { id, name }: ToolUse,
  failure: Failure,
  fence: string,
  known: readonly string[],
): ToolResult {
  const { message, body } = renderFailure(failure);
  const whole = JSON.stringify(scrubJson(JSON.parse(JSON.stringify(body)) as Json, known));
  const short = JSON.stringify({
    error: { code: failure.code, message: scrubText(message, known).slice(0, 1000) },
  });
  const text = whole.length > answerChars ? short : whole;
  const clean = scrubJson(JSON.parse(JSON.stringify(failure)) as Json, known) as unknown as Failure;
  const from = `${name.replace(/\W/g, "_").slice(0, 60)}, refused`;
  return { id, text: quote(text, from, fence), failed: true, failure: clean };
}

/** Answers a read tool; what comes back is quoted as data. */
async function look(
  { ports, model }: Turn,
  use: ToolUse,
  fence: string,
  known: readonly string[],
): Promise<ToolResult> {
  const view = viewOf(use.name, model.asksAll);
  const answer: Result<unknown> =
    view === undefined
      ? err({ code: "input.invalid", problem: `there is no tool '${use.name.slice(0, 100)}'` })
      : use.malformed !== undefined
        ? err({ code: "input.invalid", problem: `${use.name}: the input is not valid JSON` })
        : await query(ports, view, use.input);
  if (!answer.ok) return refusal(use, answer.failure, fence, known);
  const value = scrubJson(
    JSON.parse(JSON.stringify(withoutSecrets(view, answer.value, known))) as Json,
    known,
  );
  const text = JSON.stringify(value);
  const shown =
    text.length > answerChars
      ? `${text.slice(0, answerChars)}… (${text.length - answerChars} characters more; ask for a part)`
      : text;
  const told = view === undefined ? {} : { answer: { view, value } };
  return { id: use.id, text: quote(shown, use.name, fence), failed: false, ...told };
}
