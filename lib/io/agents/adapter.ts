import type { StreamKind } from "../../core/agents/stream";

/** What an adapter is told about one start. */
interface AgentStart {
  /** A file with the prompt that only this user can read. */
  promptFile: string;
  /** The model within the agent, if the step names one. */
  model?: string | undefined;
  /** A session of the same agent to go on with. */
  resume?: string | undefined;
}

/** How one coding agent is started headless, and how what it prints is read: data, no behaviour of its own. */
export interface Adapter {
  name: string;
  /** A word looked up on the PATH, or a path. */
  executable: string;
  versionArgs: readonly string[];
  /** How the prompt reaches it; never as an argument. */
  prompt: "stdin" | "file";
  stream: StreamKind;
  /** Environment variables handed to this agent and to nobody else. */
  env: readonly string[];
  /** Files and folders below the home folder that it keeps its own settings and sessions in. */
  home: readonly string[];
  /** Whether it gets the network in a sandbox, where its step says nothing: most talk to their model over it. */
  network: boolean;
  /** Whether it can go on with a session. */
  resumes: boolean;
  source: "built-in" | "agents.yaml";
  args(start: AgentStart): string[];
}

/** An argument with its value, or nothing where there is no value. */
export function option(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}
