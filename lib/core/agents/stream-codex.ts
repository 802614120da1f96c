import type { AgentEvent } from "./report";
import type { Line } from "./stream";
import { mapAt, numberAt, textAt } from "./stream-member";

/** Codex's `exec --json`. A session is one turn; its usage counts cached input as input. */
export function readCodex(line: Line): AgentEvent[] {
  switch (line.type) {
    case "thread.started": {
      const id = textAt(line, "thread_id");
      return id === undefined ? [] : [{ type: "session", id }];
    }
    case "item.completed": {
      const item = mapAt(line, "item");
      const text = textAt(item, "text");
      return item.type === "agent_message" && text !== undefined
        ? [{ type: "said", key: textAt(item, "id") ?? "", text }]
        : [];
    }
    case "turn.completed": {
      const usage = mapAt(line, "usage");
      const cacheRead = numberAt(usage, "cached_input_tokens") ?? 0;
      const cacheWrite = numberAt(usage, "cache_write_input_tokens") ?? 0;
      const input = Math.max(0, (numberAt(usage, "input_tokens") ?? 0) - cacheRead - cacheWrite);
      const tokens = { input, output: numberAt(usage, "output_tokens") ?? 0, cacheRead, cacheWrite };
      return [
        { type: "total", turns: 1, tokens },
        { type: "ended", good: true },
      ];
    }
    case "turn.failed": {
      const text = textAt(mapAt(line, "error"), "message") ?? "";
      return [...problem(text), { type: "ended", good: false }];
    }
    case "error":
      return problem(textAt(line, "message") ?? "");
    default:
      return [];
  }
}

function problem(text: string): AgentEvent[] {
  const status = Number(/\b(?:status|error|code)\W{0,3}([45]\d\d)\b/i.exec(text)?.[1]);
  return [{ type: "problem", text, ...(status ? { status } : {}) }];
}
