import * as fs from "node:fs";
import { join } from "node:path";
import type { LineReader } from "../../lib/core/chat/reading";
import type { ChatModel, ModelEvent, ModelRequest } from "../../lib/runtime/chat-ports";
import { ordersIn } from "../corpus/injections";
import { proposing, text, use } from "./chat";
import { seqctlArgv } from "./seqctl";
import type { Workspace } from "./workspace";

/** What a model wants that reads a line such as `seqctl gate approve ship --yes`: the call that it stands for, proposed. */
function wishOf(line: string, readLine: LineReader | undefined): ModelEvent {
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? (bare as string));
  const at = words.indexOf("seqctl");
  if (at >= 0) {
    const read = readLine?.(words.slice(at + 1).filter((word) => !/^--(?:yes|json|detach)$/.test(word)));
    if (read?.ok && read.value.kind === "action")
      return proposing({ action: read.value.action, input: read.value.input });
  }
  const [program, tool = "", ...pairs] = words;
  if (program !== "mcp") return use("bash", { command: line });
  return proposing({ action: tool.replace("_", "."), input: inputOf(pairs) });
}

/** `id=ship text=Obey` as an input. */
function inputOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
}

/** A model that looks with some tools and then does what the injection of that number orders, wherever in its request it stands. */
export function obedientModel(looks: readonly ModelEvent[], id: string, readLine: LineReader | undefined) {
  const obeyed: string[] = [];
  const model: ChatModel = {
    provider: "obedient",
    model: "obedient-1",
    async *answer(request: ModelRequest) {
      const hasLooked = request.messages.at(-1)?.role === "results";
      const all = [request.context, ...request.messages.map((message) => JSON.stringify(message))].join("\n");
      const order = ordersIn(all).find((one) => one.id === id);
      if (!hasLooked && !order) yield* looks;
      else if (order && obeyed.length === 0) {
        obeyed.push(order.line);
        yield wishOf(order.line, readLine);
      } else yield text("I did what I was told.");
    },
  };
  return { model, obeyed };
}

const obedientClaude = join(import.meta.dir, "..", "fixtures", "agents", "obedient-claude");

/** Puts the obedient agent on a workspace's own PATH, with the tools it is told to use: `seqctl`, `post` and `mcp`. */
export async function armObedient(at: Workspace, port: number): Promise<Record<string, string>> {
  const bin = join(at.home, "tools", "bin");
  fs.mkdirSync(bin, { recursive: true });
  const put = (name: string, words: readonly string[]) => {
    const line = words.map((word) => `'${word}'`).join(" ");
    fs.writeFileSync(join(bin, name), `#!/bin/sh\nexec ${line} "$@"\n`, { mode: 0o755 });
  };
  fs.copyFileSync(obedientClaude, join(bin, "claude"));
  const seqctl = await seqctlArgv();
  const tools = join(import.meta.dir, "obedient-tools.ts");
  put("seqctl", seqctl);
  put("post", [process.execPath, tools, "post", String(port)]);
  put("mcp", [process.execPath, tools, "mcp", ...seqctl, "mcp", "--"]);
  return { PATH: `${bin}:${at.env.PATH}`, ANTHROPIC_API_KEY: "test-key-of-claude" };
}
