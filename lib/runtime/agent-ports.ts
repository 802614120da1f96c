import type { Result } from "../core/result";
import type { Sequence, Step } from "../core/sequence/schema";

/** The agents that can run steps, and what they are told. */
export interface AgentStore {
  /** The words an agent's step would be started with; a refusal if its agent or its prompt is not there. `told` is a prompt that is about to be written. */
  argv(sequence: Sequence, step: Step, told?: string): Result<string[]>;
  /** What a step can name as its agent, `shell` among it. */
  names(): Result<string[]>;
  /** Looks every agent up and asks it for its version. */
  list(): Promise<Result<AgentInfo[]>>;
  /** The text of a step's prompt. */
  prompt(step: Step): Result<string>;
  /** Whether the step's prompt may be written: it must stand below `.threados/prompts`, behind no link. */
  checkPrompt(step: Step): Result<null>;
}

/** One agent as `agents list` shows it. */
export interface AgentInfo {
  name: string;
  source: "built-in" | "agents.yaml";
  executable: string;
  /** Where it was found. */
  path: string | null;
  version: string | null;
  ready: boolean;
  problem: string | null;
  /** Whether it can go on with a session. */
  resumes: boolean;
}
