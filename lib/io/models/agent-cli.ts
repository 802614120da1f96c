import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addEvent, closeTally, emptyTally } from "../../core/agents/report";
import { readLine } from "../../core/agents/stream";
import type { ChatModel, ModelEvent, ModelMessage, ModelRequest, ToolUse } from "../../runtime/chat-ports";
import { type Adapter, option } from "../agents/adapter";
import { claudeCode } from "../agents/claude-code";
import { codex } from "../agents/codex";
import { agentEnvironment } from "../agents/environment";
import { linesOf } from "../line-stream";
import { stepEnvironment } from "../process/environment";
import { resolveExecutable } from "../process/executable";
import type { ChatConfig } from "./config";
import { toolInput } from "./retry";

const marker = "@@tool ";
const graceMs = 2000;

/** An agent's program as the chat starts it. */
interface Program {
  adapter: Adapter;
  name: string;
  args(model: string | undefined): string[];
  /** It may look at what nobody here has quoted, so that everything it says counts as read elsewhere. */
  looksElsewhere: boolean;
}

const programs = {
  "claude-code": {
    adapter: claudeCode,
    name: "Claude Code",
    // Steps outside a sandbox may write to its settings: hooks, helpers and memory in them are not for this.
    args: (model) => [
      ...claudeCode.args({ promptFile: "", model }),
      ...["--tools", "", "--strict-mcp-config", "--setting-sources", ""],
    ],
    looksElsewhere: true,
  },
  // Its tools can't all be taken away; what is left runs in its own sandbox, which only reads and has no network.
  codex: {
    adapter: codex,
    name: "Codex",
    args: (model) => [
      ...["exec", "--json", "--skip-git-repo-check", "--ephemeral", "--sandbox", "read-only"],
      ...["--ignore-user-config", "--ignore-rules"],
      ...[
        "shell_tool",
        "hooks",
        "unified_exec",
        "apps",
        "plugins",
        "multi_agent",
        "browser_use",
        "computer_use",
      ].flatMap((feature) => ["-c", `features.${feature}=false`]),
      ...["-c", "web_search=disabled"],
      ...option("--model", model),
      "-",
    ],
    looksElsewhere: true,
  },
} satisfies Record<string, Program>;

/** An installed agent, headless, in an empty folder and with as few tools of its own as it lets itself be given: it asks for ours in words. */
export function agentCli(config: ChatConfig, provider: keyof typeof programs): ChatModel {
  const model = config.model ?? null;
  const program: Program = programs[provider];
  const { looksElsewhere } = program;
  return {
    provider,
    model,
    ...(looksElsewhere ? { looksElsewhere } : {}),
    answer: (request, signal) => ask(program, request, model, signal),
  };
}

async function* ask(
  { adapter, name, args: argsFor }: Program,
  request: ModelRequest,
  model: string | null,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const env = stepEnvironment(process.env, agentEnvironment(process.env, adapter), {});
  const program = resolveExecutable(adapter.executable, env.PATH ?? "");
  if (program === undefined) {
    const hint = `install ${name}, or choose another provider in chat.yaml`;
    yield {
      type: "failed",
      failure: { code: "chat.failed", problem: `there is no \`${adapter.executable}\` on the PATH`, hint },
    };
    return;
  }
  const folder = fs.mkdtempSync(join(tmpdir(), "threados-chat-"));
  const args = argsFor(model ?? undefined);
  const child = spawn(program, args, { cwd: folder, env, stdio: ["pipe", "pipe", "pipe"], detached: true });
  const stop = () => end(child.pid);
  signal.addEventListener("abort", stop, { once: true });
  let isOver = false;
  const ended = new Promise<number>((resolve) => {
    const over = (code: number) => {
      isOver = true;
      resolve(code);
    };
    child.once("error", () => over(127));
    child.once("close", (code) => over(code ?? 1));
  });
  try {
    child.stdin.on("error", () => undefined);
    child.stdin.end(promptOf(request));
    let problems = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      problems = (problems + text).slice(-4000);
    });
    const tally = emptyTally();
    let shown = "";
    for await (const line of linesOf(child.stdout))
      for (const event of readLine(adapter.stream, line)) {
        addEvent(tally, event);
        if (event.type !== "said" || event.key === "result") continue;
        const text = wordsOf(event.text);
        shown += event.text;
        if (text !== "") yield { type: "text", text: `${text}\n` };
      }
    const code = await ended;
    if (signal.aborted) return;
    const report = closeTally(tally, {
      code,
      stderr: problems,
      at: { now: Date.now(), zone: "UTC" },
    });
    if (report.error) {
      const hint = `run \`${adapter.executable}\` in a terminal to see whether it is signed in`;
      yield {
        type: "failed",
        failure: {
          code: "chat.failed",
          problem: `${adapter.name} did not answer: ${report.error.problem || `exit code ${code}`}`,
          hint,
        },
      };
      return;
    }
    const said = shown || report.text;
    if (shown === "" && wordsOf(said) !== "") yield { type: "text", text: wordsOf(said) };
    for (const use of usesIn(said)) yield { type: "use", use };
    yield { type: "used", tokens: report.tokens, costUsd: report.costUsd };
  } finally {
    signal.removeEventListener("abort", stop);
    if (!isOver) stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Ends the program with everything it has started. */
function end(pid: number | undefined): void {
  if (pid === undefined) return;
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(-pid, name);
    } catch {
      // It has ended already.
    }
  };
  signal("SIGTERM");
  setTimeout(() => signal("SIGKILL"), graceMs).unref();
}

const isCall = (line: string) => line.trimStart().startsWith(marker);

/** What is meant for the person. */
const wordsOf = (text: string) =>
  text
    .split("\n")
    .filter((line) => !isCall(line))
    .join("\n")
    .trim();

function usesIn(text: string): ToolUse[] {
  return text
    .split("\n")
    .filter(isCall)
    .map((line, index): ToolUse => {
      const { input, malformed } = toolInput(line.trim().slice(marker.length));
      const id = `cli-${index + 1}`;
      if (malformed !== undefined) return { id, name: "propose", input: {}, malformed };
      const given = input.input;
      const isObject = typeof given === "object" && given !== null && !Array.isArray(given);
      return { id, name: String(input.name), input: isObject ? (given as Record<string, unknown>) : {} };
    });
}

/** Everything in one text, since a headless agent takes one; tools are asked for on a line of their own. */
function promptOf({ system, context, tools, messages }: ModelRequest): string {
  const listed = tools.map(
    ({ name, description, schema }) => `- ${name}: ${description}\n  input: ${JSON.stringify(schema)}`,
  );
  return [
    system,
    `Tools\nTo use one, end your answer with a line that holds nothing but: ${marker}{"name": "<tool>", "input": {…}}\nThe answer comes with the next message. These are all the tools you have:\n${listed.join("\n")}`,
    context,
    "The conversation so far; answer its last message.",
    ...messages.map(spoken),
  ].join("\n\n");
}

function spoken(message: ModelMessage): string {
  if (message.role === "user") return `Person: ${message.text}`;
  if (message.role === "results")
    return message.results.map(({ text, failed }) => `Tool${failed ? " (refused)" : ""}: ${text}`).join("\n");
  const uses = message.uses.map(({ name, input }) => `${marker}${JSON.stringify({ name, input })}`);
  return `You: ${[message.text, ...uses].join("\n")}`;
}
