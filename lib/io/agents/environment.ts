import type { Adapter } from "./adapter";

/** The variables that are handed to this agent and to no other step. */
export function agentEnvironment(given: NodeJS.ProcessEnv, adapter: Adapter): Record<string, string> {
  const names = adapter.env.filter((name) => given[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, given[name] as string]));
}
