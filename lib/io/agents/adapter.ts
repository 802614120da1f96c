import type { Grant } from "../../core/agents/agents-file";
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

/** A place below the home folder that an agent keeps its settings in, which a step in a sandbox is shown for reading. */
export interface AgentSettings {
  path: string;
  /** The variable that puts it elsewhere. */
  variable?: string;
  /**
   * Below it: what the agent writes to all the same, its login and its sessions. One that ends in `/` is a folder, made where it
   * is missing, and `./` is all of it; `{cwd}` stands for the folder it works in, with a dash for all but letters and digits.
   */
  writes?: readonly string[];
  /** Folders within those that stay as they are; a `*` stands for each folder there is. */
  keeps?: readonly string[];
  /** What it finds missing and may make anew, to end with it; a `*` stands for any text. */
  fresh?: readonly string[];
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
  /** Files and folders below the home folder that it may write to in a sandbox. */
  home: readonly string[];
  /** What it takes commands and memory from, and keeps sessions beside. */
  settings: readonly AgentSettings[];
  /** Variables of `env` that name more folders it may write to there. */
  folders?: readonly string[];
  /** Places that a workspace's own agents.yaml asks for: only the user's may open any. */
  wanted?: readonly string[];
  /** Variables of the user that a workspace's own agents.yaml asks for and nobody has allowed, and what a yes would be bound to; its files are read for that. */
  asked?: () => { env: readonly string[]; digest: string } | undefined;
  /** What the user's own agents.yaml allows: a step may lead away what the agent is handed only with a yes to that. */
  grants?: readonly Grant[];
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
