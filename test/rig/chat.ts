import { join } from "node:path";
import type { Caller } from "../../lib/core/actor";
import type { Result } from "../../lib/core/result";
import { chatFiles } from "../../lib/io/chat/chat-files";
import { unified } from "../../lib/io/chat/unified";
import { offline } from "../../lib/io/models/offline";
import { Chat } from "../../lib/runtime/chat";
import type {
  ChatModel,
  ChatPorts,
  ChatRecord,
  ModelEvent,
  ModelRequest,
} from "../../lib/runtime/chat-ports";
import { lineReader } from "../../lib/surfaces/cli/line-reader";
import { openWorkspace, type Threados } from "../../lib/threados";
import { value } from "./sequence";
import type { Workspace } from "./workspace";

/** A person in the workbench. */
export const person: Caller = { actor: "user", surface: "http" };

/** What a scripted model says in one answer; a function sees the request first. */
export type Answer =
  | ModelEvent[]
  | ((request: ModelRequest, signal: AbortSignal) => AsyncIterable<ModelEvent>);

/** A model that says what it is told to, one answer after the other; the last is said again. */
export function scripted(answers: Answer[]): ChatModel & { asked: ModelRequest[] } {
  const asked: ModelRequest[] = [];
  return {
    provider: "scripted",
    model: "script-1",
    asked,
    async *answer(request, signal) {
      const answer = answers[Math.min(asked.length, answers.length - 1)] ?? [];
      asked.push({ ...request, messages: [...request.messages] });
      if (typeof answer === "function") yield* answer(request, signal);
      else yield* answer;
    },
  };
}

/** A piece of text. */
export const text = (words: string): ModelEvent => ({ type: "text", text: words });
/** A tool that the model wants to use. */
export const use = (name: string, input: Record<string, unknown>, id = `use-${name}`): ModelEvent => ({
  type: "use",
  use: { id, name, input },
});
/** A proposal of those calls. */
export const proposing = (...calls: { action: string; input: Record<string, unknown> }[]) =>
  use("propose", { calls });

/** The chat of a workspace as its server would open it, with a model of the test's own. */
export async function chatOf(
  at: Workspace,
  model: ChatModel = offline,
  more: Partial<ChatPorts> = {},
  program: string[] = [process.execPath, "-e", ""],
) {
  const threados: Threados = value(openWorkspace(at.root, program));
  const own: ChatPorts = {
    store: chatFiles(join(at.root, ".threados")),
    model: async () => ({ ok: true, value: model }),
    unified,
    fence: threados.ports.newRunId,
    readLine: await lineReader(),
    ...more,
  };
  const chat = new Chat(threados.ports, own, threados.dispatch);
  return { chat, threados, own };
}

/** Says something and waits for the end of the answer. */
export async function exchange(chat: Chat, message: string, conversation?: string) {
  const said = value(await chat.say({ message, conversation }, person));
  const records: ChatRecord[] = [];
  for await (const record of chat.listen(said.conversation, said.after)) records.push(record);
  const of = (type: ChatRecord["type"]) => records.filter((record) => record.type === type);
  return {
    ...said,
    records,
    /** The kinds of event in order, each once in a row. */
    kinds: records.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]),
    words: of("message")
      .map(({ data }) => data.text)
      .join(""),
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails if it is not there
    last: (type: ChatRecord["type"]): any => of(type).at(-1)?.data,
  };
}

/** The refusal of a result that must be one. */
export function refused(result: Result<unknown>) {
  if (result.ok) throw new Error("it was not refused");
  return result.failure;
}
