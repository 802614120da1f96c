import type { AgentEvent } from "./report";
import type { Line } from "./stream";
import { mapAt, numberAt, textAt } from "./stream-member";

/** Gemini CLI's `-o stream-json`. Its `input_tokens` count what came from the cache. */
export function readGemini(line: Line): AgentEvent[] {
  switch (line.type) {
    case "init": {
      const id = textAt(line, "session_id");
      const model = textAt(line, "model");
      return id === undefined ? [] : [{ type: "session", id, ...(model ? { model } : {}) }];
    }
    case "message": {
      const text = textAt(line, "content");
      return line.role === "assistant" && text !== undefined ? [{ type: "said", key: "answer", text }] : [];
    }
    case "error":
      return line.severity === "error" ? problem(textAt(line, "message") ?? "") : [];
    case "result": {
      const good = line.status === "success";
      const stats = mapAt(line, "stats");
      const cacheRead = numberAt(stats, "cached") ?? 0;
      const input = Math.max(0, (numberAt(stats, "input_tokens") ?? 0) - cacheRead);
      const tokens = { input, output: numberAt(stats, "output_tokens") ?? 0, cacheRead, cacheWrite: 0 };
      const why = good ? [] : problem(textAt(mapAt(line, "error"), "message") ?? "");
      return [{ type: "total", turns: 1, tokens }, ...why, { type: "ended", good }];
    }
    default:
      return [];
  }
}

/** Its faults carry the provider's answer as text, the HTTP status within. */
function problem(text: string): AgentEvent[] {
  const status = Number(/"code"\s*:\s*(\d{3})\b/.exec(text)?.[1]);
  const message = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  // A wrong key is answered with 400 there.
  const telling = status > 0 && status !== 400;
  return [{ type: "problem", text: message ?? text, hint: text, ...(telling ? { status } : {}) }];
}
