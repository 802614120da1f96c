import type { Caller } from "../../core/actor";
import { saidOn } from "../../core/chat/said-on";
import { suggestionsFor } from "../../core/chat/suggest";
import { countOf } from "../../core/count";
import { sayDuration } from "../../core/duration";
import type { Failure, FailureCode } from "../../core/failure";
import { refusalsByExit, renderFailure } from "../../core/failure-table";
import type { Json } from "../../core/json";
import type { StatusDoc } from "../../core/views/status";
import type { ChatRecord } from "../../runtime/chat-ports";
import type { DraftCall, Forecast, Verdict } from "../../runtime/rehearse";
import type { Threados } from "../../threados";
import { type Paint, safeForTerminal } from "./paint";
import { type Answering, sayFailure, sayJson } from "./say";

/** A refusal as the records of a conversation hold it. */
interface Trouble {
  code: string;
  message: string;
  hint?: string;
}

/** What an answer came to. */
interface Heard {
  text: string;
  proposal: string | null;
  calls: DraftCall[];
  failed: Trouble | null;
  /** What a model proposed on the way and could not have. */
  refused: { summary: string; message: string }[];
  unified: string;
  verdict: Verdict | null;
  forecast: Forecast | null;
  confirm: string | null;
  applied: Json;
  tainted: boolean;
  declined: boolean;
  error: Trouble | null;
}

/** Says something to the chat, prints the answer as it comes, and asks whether to apply what is proposed; the exit code. */
export async function converse(
  answering: Answering,
  threados: Threados,
  message: string,
  conversation: string | undefined,
): Promise<number> {
  const { shell, json } = answering;
  if (message.trim() === "") return sayFailure(answering, await saysNothing(threados));
  const chat = await threados.chat();
  const token = shell.env.THREADOS_TOKEN;
  const caller: Caller = { actor: "user", surface: "cli", ...(token ? { token } : {}) };
  const said = await chat.say({ message, conversation }, caller);
  if (!said.ok) return sayFailure(answering, said.failure);
  const heard: Heard = {
    ...{
      text: "",
      proposal: null,
      calls: [],
      failed: null,
      refused: [],
      unified: "",
      verdict: null,
      forecast: null,
    },
    ...{ confirm: null, applied: null, tainted: false, declined: false, error: null },
  };
  for await (const record of chat.listen(said.value.conversation, said.value.after)) {
    take(heard, record);
    if (record.type === "message" && !json) shell.out(safeForTerminal(String(record.data.text), false));
  }
  if (!json)
    shell.out(
      `${heard.text.endsWith("\n") || heard.text === "" ? "" : "\n"}${refusedText(heard, answering.paint)}${proposalText(heard, answering.paint)}`,
    );
  const result = await decide(answering, threados, heard, caller);
  if (json) {
    const { confirm: _, declined: __, ...told } = heard;
    const code = (heard.error ?? heard.failed)?.code;
    sayJson(answering, {
      ...{ conversation: said.value.conversation, ...told, applied: result.applied },
      ...(code === undefined ? {} : { code }),
    });
  }
  return result.exit;
}

/** What could be said as things stand, in place of nothing. */
async function saysNothing(threados: Threados): Promise<Failure> {
  const status = await threados.query("status", {});
  const lines = status.ok ? suggestionsFor(status.value as StatusDoc) : ["status"];
  // Within single quotes a shell leaves all as it is.
  const hint = lines.map((line) => `seqctl chat '${line}'`).join("\n      ");
  return { code: "input.invalid", problem: "say what you want, for example as below", hint };
}

function take(heard: Heard, { type, data }: ChatRecord): void {
  if (type === "message") heard.text = saidOn(heard.text, data);
  else if (type === "actions" || type === "diff" || type === "done") {
    const known = Object.keys(heard).filter((key) => key in data && key !== "text" && key !== "error");
    Object.assign(heard, Object.fromEntries(known.map((key) => [key, data[key]])));
  } else if (type === "error") heard.error = data as unknown as Heard["error"];
}

/** What was refused on the way, a line each; of an answer without a word and without anything else, that. */
function refusedText({ text, refused, proposal, failed, error }: Heard, paint: Paint): string {
  if (text.trim() === "" && refused.length === 0 && proposal === null && !failed && !error)
    return `${paint("dim", "no words came")}\n`;
  return refused
    .map(({ summary, message }) => {
      const said = safeForTerminal(`${summary} (${message})`, false);
      return `${paint("red", "✗")} refused: ${said}\n`;
    })
    .join("");
}

/** The actions, the diff in colour, and what it would start. */
function proposalText({ proposal, calls, unified, forecast, failed }: Heard, paint: Paint): string {
  if (failed) return `${paint("red", "✗")} no proposal: ${safeForTerminal(failed.message, false)}\n`;
  if (proposal === null) return "";
  const lines = calls.map(
    ({ summary, destructive }) =>
      `${destructive ? paint("red", "!") : paint("green", "·")} ${safeForTerminal(summary, false)}`,
  );
  const diff =
    unified === ""
      ? []
      : [
          "",
          ...unified
            .trimEnd()
            .split("\n")
            .map((line) => paintLine(line, paint)),
        ];
  const starts = forecast && forecast.steps > 0 ? ["", paint("dim", startsText(forecast))] : [];
  return `\n${[...lines, ...diff, ...starts].join("\n")}\n`;
}

/** `starts 3 steps (1 by agents): a, b, c`, and what that took before. */
function startsText({ steps, agents, gates, starts, expected }: Forecast): string {
  const behind = gates > 0 ? `, with ${countOf(gates, "gate")} on the way` : "";
  const more = steps > starts.length ? ` and ${steps - starts.length} more` : "";
  const first = `starts ${countOf(steps, "step")} (${agents} by agents)${behind}: ${starts.join(", ")}${more}`;
  if (!expected || expected.ms === null)
    return `${first}\nnobody knows how long that takes: no attempt at it has ended well yet`;
  const cost = expected.cost_usd === null ? "" : ` and $${expected.cost_usd.toFixed(2)}`;
  const unknown = expected.without_history;
  const rest = unknown.length > 0 ? `; none has ended well yet of ${unknown.join(", ")}` : "";
  return `${first}\nabout ${sayDuration(expected.ms)}${cost}, by ${countOf(expected.attempts, "attempt")} before${rest}`;
}

function paintLine(line: string, paint: Paint): string {
  const safe = safeForTerminal(line, false);
  if (/^(?:---|\+\+\+) /.test(line)) return paint("bold", safe);
  if (line.startsWith("@@")) return paint("cyan", safe);
  return paint(line.startsWith("+") ? "green" : line.startsWith("-") ? "red" : undefined, safe);
}

/** Applies what was proposed if a person says so; else it waits. */
async function decide(
  answering: Answering,
  threados: Threados,
  heard: Heard,
  caller: Caller,
): Promise<{ exit: number; applied: Json }> {
  const { shell, json, yes, paint } = answering;
  const { proposal, verdict, confirm, tainted } = heard;
  if (heard.error) {
    sayTrouble(answering, heard.error);
    return { exit: 1, applied: null };
  }
  if (heard.failed) return { exit: 1, applied: null };
  if (heard.declined) {
    // What was said tells a person already.
    const { exit, message, hint = "" } = renderFailure({ code: "chat.declined" });
    heard.error = { code: "chat.declined", message, hint };
    return { exit, applied: null };
  }
  if (proposal === null) return { exit: 0, applied: null };
  if (heard.applied !== null && typeof heard.applied === "object") {
    // The door refused it after all, a moment after it was tried.
    heard.error = heard.applied as unknown as Trouble;
    sayTrouble(answering, heard.error);
    return { exit: exitOf(heard.error.code), applied: null };
  }
  if (heard.applied !== null) {
    if (!json)
      shell.out(
        `${paint("green", "✓")} applied at once (mode ${verdict?.mode ?? "POWER"}); \`seqctl undo\` takes it back\n`,
      );
    return { exit: 0, applied: heard.applied };
  }
  const canAsk = shell.canAsk && !json;
  // With text from elsewhere in the answer only a person who has looked may say yes.
  const isYes = yes && !tainted;
  if (!isYes && !canAsk) {
    if (!json)
      shell.err(
        `${paint("magenta", "waits")} for a person: \`seqctl approve ${proposal}\`${yes ? " (--yes is not enough: text from elsewhere was read)" : ""}\n`,
      );
    const summary = heard.calls.map((call) => call.summary).join("; ");
    const { message, hint = "" } = renderFailure({ code: "approval.pending", proposal, summary });
    heard.error = { code: "approval.pending", message, hint };
    return { exit: 3, applied: null };
  }
  if (!isYes && !(await agrees(answering, verdict))) {
    shell.err(`nothing was done; it waits as proposal ${proposal}\n`);
    return { exit: 3, applied: null };
  }
  const chat = await threados.chat();
  const done = await chat.apply(
    { proposal },
    caller,
    isYes ? { yes: true } : confirm === null ? {} : { confirm },
  );
  if (!done.ok) {
    const { exit, message, hint } = renderFailure(done.failure);
    heard.error = { code: done.failure.code, message, ...(hint === undefined ? {} : { hint }) };
    return { exit: json ? exit : sayFailure(answering, done.failure), applied: null };
  }
  const started = (heard.forecast?.steps ?? 0) > 0 ? "; watch it: seqctl status --watch" : "";
  if (!json) shell.out(`${paint("green", "✓")} applied${started}\n`);
  return { exit: 0, applied: done.value.audit ?? true };
}

function sayTrouble({ shell, json, paint }: Answering, { message, hint }: Trouble): void {
  if (json) return;
  const more = hint === undefined ? "" : `${paint("dim", " hint")} ${safeForTerminal(hint, false)}\n`;
  shell.err(`${paint("red", "error")} ${safeForTerminal(message, false)}\n${more}`);
}

const exitOf = (code: string) =>
  [...refusalsByExit()].find(([, codes]) => codes.includes(code as FailureCode))?.[0] ?? 1;

/** Asks once, or twice where something is lost. */
async function agrees({ shell, paint }: Answering, verdict: Verdict | null): Promise<boolean> {
  const times = verdict?.ask === 2 ? 2 : 1;
  for (let time = 1; time <= times; time++) {
    const again =
      time === 2
        ? "Really? This is asked twice on purpose."
        : `Apply it? ${paint("dim", verdict?.why ? `(${verdict.why})` : "")}`;
    const answer = await shell.ask(`${again} [y/N] `, { anew: true });
    if (!/^y(es)?$/i.test((answer ?? "").trim())) return false;
  }
  return true;
}
