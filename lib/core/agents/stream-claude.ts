import type { AgentEvent, Tokens } from "./report";
import type { Line } from "./stream";
import { mapAt, numberAt, textAt } from "./stream-member";

/** Claude Code's `--output-format stream-json`. */
export function readClaude(line: Line): AgentEvent[] {
  switch (line.type) {
    case "system":
      return line.subtype === "init" ? session(line) : [];
    case "assistant":
      return assistant(line);
    case "rate_limit_event": {
      const info = mapAt(line, "rate_limit_info");
      const resetsAt = numberAt(info, "resetsAt");
      return info.status === "rejected" && resetsAt ? [{ type: "limited", resetAt: resetsAt * 1000 }] : [];
    }
    case "result":
      return result(line);
    default:
      return [];
  }
}

function session(line: Line): AgentEvent[] {
  const id = textAt(line, "session_id");
  const model = textAt(line, "model");
  return id === undefined ? [] : [{ type: "session", id, ...(model ? { model } : {}) }];
}

function assistant(line: Line): AgentEvent[] {
  // What a sub-agent says is not the answer.
  if (typeof line.parent_tool_use_id === "string") return [];
  const message = mapAt(line, "message");
  const key = textAt(message, "id") ?? "";
  const content = Array.isArray(message.content) ? (message.content as Line[]) : [];
  const text = content
    .flatMap((part) => (part?.type === "text" ? (textAt(part, "text") ?? []) : []))
    .join("");
  const hint = textAt(line, "error");
  if (hint !== undefined) return [{ type: "problem", text, hint }];
  const events: AgentEvent[] = [{ type: "used", key, tokens: tokensOf(mapAt(message, "usage")) }];
  return text === "" ? events : [...events, { type: "said", key, text }];
}

function result(line: Line): AgentEvent[] {
  const events = session(line);
  const turns = numberAt(line, "num_turns");
  const costUsd = numberAt(line, "total_cost_usd");
  const usage = mapAt(line, "usage");
  events.push({
    type: "total",
    ...(turns === undefined ? {} : { turns }),
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(Object.keys(usage).length === 0 ? {} : { tokens: tokensOf(usage) }),
  });
  const text = textAt(line, "result") ?? "";
  const good = line.is_error !== true && line.subtype === "success";
  if (good) return [...events, { type: "said", key: "result", text }, { type: "ended", good }];
  const status = numberAt(line, "api_error_status");
  const errors = Array.isArray(line.errors) ? line.errors.filter((e) => typeof e === "string") : [];
  const subtype = textAt(line, "subtype") ?? "";
  const known = { ...(status ? { status } : {}), ...(subtype === "success" ? {} : { hint: subtype }) };
  const problem = text || errors.join("\n");
  if (problem !== "" || status) events.push({ type: "problem", text: problem, ...known });
  else if (/^error_max/.test(subtype)) events.push({ type: "problem", text: subtype, ...known });
  return [...events, { type: "ended", good }];
}

function tokensOf(usage: Line): Tokens {
  return {
    input: numberAt(usage, "input_tokens") ?? 0,
    output: numberAt(usage, "output_tokens") ?? 0,
    cacheRead: numberAt(usage, "cache_read_input_tokens") ?? 0,
    cacheWrite: numberAt(usage, "cache_creation_input_tokens") ?? 0,
  };
}
