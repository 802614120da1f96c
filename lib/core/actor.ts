import type { AttemptId } from "./step-token";

/** Who asks: a person, a step's agent, the chat, or ThreadOS itself. */
export type Actor = "user" | "chat" | "system" | `agent:${string}`;

/** The door a call came through. */
export type Surface = "cli" | "http" | "mcp" | "chat" | "engine";

/** Who asks, and through which door; travels with every call. */
export interface Caller {
  actor: Actor;
  surface: Surface;
  /** A step's token that came with the call; the door finds out whose it is. */
  token?: string;
  /** The living attempt whose token came with the call; set by the door alone. */
  attempt?: AttemptId;
}

/** An agent that speaks over MCP from outside every step; no step's id can hold an `@`. */
export const outsideAgent = "agent:@mcp" satisfies Actor;

/** The step an agent speaks for, or undefined for anybody else. */
export function agentStep(actor: Actor): string | undefined {
  return actor.startsWith("agent:") ? actor.slice("agent:".length) : undefined;
}
