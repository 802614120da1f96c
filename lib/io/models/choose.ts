import { ok, type Result, unreachable } from "../../core/result";
import type { ChatModel } from "../../runtime/chat-ports";
import { readChatConfig } from "./config";
import { patience } from "./retry";

/** The model that the user has chosen. Each is loaded only if it is the one. */
export async function chooseModel(env: NodeJS.ProcessEnv): Promise<Result<ChatModel>> {
  const config = readChatConfig(env);
  if (!config.ok) return config;
  const { provider } = config.value;
  switch (provider) {
    case "offline":
      return ok((await import("./offline")).offline);
    case "anthropic":
      return ok((await import("./anthropic")).anthropic(config.value, patience));
    case "openai":
      return ok((await import("./openai")).openai(config.value, patience));
    case "claude-code":
    case "codex":
      return ok((await import("./agent-cli")).agentCli(config.value, provider));
    default:
      return unreachable(provider);
  }
}
