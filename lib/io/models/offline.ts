import type { Reading } from "../../core/chat/reading";
import { proposeTool, readTool } from "../../core/chat/tools";
import { understand } from "../../core/chat/understand";
import type { ChatModel, ModelEvent, ModelRequest } from "../../runtime/chat-ports";

/** The chat without a model: plain requests by fixed rules, the same answer to the same request, nothing leaves the machine. */
export const offline: ChatModel = {
  provider: "offline",
  model: null,
  async *answer(request): AsyncGenerator<ModelEvent> {
    const last = request.messages.at(-1);
    if (last?.role === "results") yield* afterTools(last.results);
    else if (last?.role === "user") yield* toReading(understand(last.text, request.world), request);
  },
};

async function* toReading(read: Reading, request: ModelRequest): AsyncGenerator<ModelEvent> {
  switch (read.kind) {
    case "calls": {
      const says = ["Here is what I would change.", ...new Set(read.says)].join(" ");
      yield { type: "text", text: read.calls.length === 0 ? "There is nothing to do." : `${says}\n` };
      if (read.calls.length > 0)
        yield { type: "use", use: { id: "propose-1", name: proposeTool, input: { calls: read.calls } } };
      return;
    }
    case "ask": {
      const tool = readTool(read.view);
      if (!request.tools.some(({ name }) => name === tool)) {
        yield {
          type: "text",
          text: `Look at it in the workbench, or in a terminal: \`seqctl ${read.view.replaceAll(".", " ")}\`.\n`,
        };
        return;
      }
      yield { type: "text", text: `${read.says}\n` };
      yield { type: "use", use: { id: "read-1", name: tool, input: read.input } };
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

/** Says what came back: a refusal in words, an answer as it is. */
async function* afterTools(
  results: readonly { text: string; failed: boolean }[],
): AsyncGenerator<ModelEvent> {
  for (const { text, failed } of results) {
    if (!failed) yield { type: "text", text: `\n${plain(text)}\n` };
    else {
      yield { type: "declined" };
      const { error } = JSON.parse(inside(text)) as { error: { message: string; hint?: string } };
      yield {
        type: "text",
        text: `That does not work: ${error.message}.${error.hint === undefined ? "" : ` ${error.hint}.`}\n`,
      };
    }
  }
}

/** What stands between the marks of a quoted answer. */
const inside = (quoted: string) => quoted.split("\n").slice(1, -1).join("\n");

/** A log's text, else the document. */
function plain(quoted: string): string {
  const inner = inside(quoted);
  try {
    const doc = JSON.parse(inner) as Record<string, unknown>;
    const text = doc.text ?? doc.yaml;
    const body = typeof text === "string" ? text : JSON.stringify(doc, null, 2);
    return body.trim() === ""
      ? "(nothing)"
      : `\`\`\`\n${body.trimEnd().slice(-6000).replaceAll("```", "'''")}\n\`\`\``;
  } catch {
    return `\`\`\`\n${inner.slice(0, 6000).replaceAll("```", "'''")}\n\`\`\``;
  }
}
