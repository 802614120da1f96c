import type { AgentEvent } from "./report";
import type { Line } from "./stream";
import { mapAt, numberAt, textAt } from "./stream-member";

/** OpenCode's `run --format json`. */
export function readOpencode(line: Line): AgentEvent[] {
  const id = textAt(line, "sessionID");
  const events: AgentEvent[] = id === undefined ? [] : [{ type: "session", id }];
  const part = mapAt(line, "part");
  switch (line.type) {
    case "text":
      return [
        ...events,
        { type: "said", key: textAt(part, "messageID") ?? "", text: textAt(part, "text") ?? "" },
      ];
    case "step_finish": {
      const tokens = mapAt(part, "tokens");
      const cache = mapAt(tokens, "cache");
      const costUsd = numberAt(part, "cost");
      events.push({
        type: "used",
        key: textAt(part, "id") ?? "",
        tokens: {
          input: numberAt(tokens, "input") ?? 0,
          output: (numberAt(tokens, "output") ?? 0) + (numberAt(tokens, "reasoning") ?? 0),
          cacheRead: numberAt(cache, "read") ?? 0,
          cacheWrite: numberAt(cache, "write") ?? 0,
        },
        ...(costUsd === undefined ? {} : { costUsd }),
      });
      return events;
    }
    case "error": {
      const error = mapAt(line, "error");
      const data = mapAt(error, "data");
      const status = numberAt(data, "statusCode");
      const name = textAt(error, "name") ?? "";
      const headers = mapAt(data, "responseHeaders");
      const after = textAt(headers, "retry-after");
      const hint = [name, textAt(data, "responseBody"), after ? `retry-after: ${after}` : ""].join("\n");
      const text = textAt(data, "message") ?? name;
      return [
        ...events,
        { type: "problem", text, hint, ...(status ? { status } : {}) },
        { type: "ended", good: false },
      ];
    }
    default:
      return events;
  }
}
