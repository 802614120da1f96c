import { sayAnswer } from "../../core/chat/answers";
import { sayFailure, sayNone } from "../../core/chat/answers/failure";
import type { Reading, World } from "../../core/chat/reading";
import { proposeTool, readTool } from "../../core/chat/tools";
import { understand } from "../../core/chat/understand";
import type { ChatModel, ModelEvent, ToolResult } from "../../runtime/chat-ports";

/** The chat without a model: plain requests by fixed rules, the same answer to the same request, nothing leaves the machine. */
export const offline: ChatModel = {
  provider: "offline",
  model: null,
  asksAll: true,
  async *answer(request): AsyncGenerator<ModelEvent> {
    const last = request.messages.at(-1);
    if (last?.role === "results") yield* afterTools(last.results, request.world);
    else if (last?.role === "user") yield* toReading(understand(last.text, request.world));
  },
};

async function* toReading(read: Reading): AsyncGenerator<ModelEvent> {
  switch (read.kind) {
    case "calls": {
      const says = ["Here is what I would change.", ...new Set(read.says)].join(" ");
      yield { type: "text", text: read.calls.length === 0 ? "There is nothing to do." : `${says}\n` };
      if (read.calls.length > 0)
        yield { type: "use", use: { id: "propose-1", name: proposeTool, input: { calls: read.calls } } };
      return;
    }
    case "ask": {
      yield { type: "text", text: `${read.says}\n` };
      // The id comes back with the answer, and says how much of it is wanted.
      const id = read.lines === undefined ? "read" : `read-${read.lines}`;
      yield { type: "use", use: { id, name: readTool(read.view), input: read.input } };
      return;
    }
    case "answer":
      yield { type: "text", text: `${read.says}\n` };
      return;
    case "refusal": {
      yield { type: "declined" };
      const tries = read.try.map((text) => `- ${text}`);
      yield {
        type: "text",
        text: `${[read.says, ...(tries.length > 0 ? ["Try:", ...tries] : [])].join("\n")}\n`,
      };
    }
  }
}

/** Says what came back: an answer in sentences, a refusal with what can be said instead. */
async function* afterTools(results: readonly ToolResult[], world: World): AsyncGenerator<ModelEvent> {
  for (const { id, answer, failure } of results) {
    const lines = /^read-(\d+)$/.exec(id)?.[1];
    if (answer) {
      const said = sayAnswer(answer.view, answer.value, lines === undefined ? undefined : Number(lines));
      yield { type: "text", text: `\n${said}\n` };
    }
    if (!failure) continue;
    const none = sayNone(failure, world);
    if (none !== undefined) {
      yield { type: "text", text: `\n${none}\n` };
      continue;
    }
    yield { type: "declined" };
    yield { type: "text", text: `${sayFailure(failure, world)}\n` };
  }
}
