"use client";

import { useQuery } from "@tanstack/react-query";
import { useSession } from "../state/provider";

const builtIn = ["claude-code", "codex", "gemini", "opencode"];

/** What can run a step: the shell first, then the agents of this machine. */
export function useAgents(): string[] {
  const { api } = useSession();
  // Each agent is asked for its version, which takes its time; the names are there before.
  const { data } = useQuery({
    queryKey: ["agents"],
    queryFn: api.agents,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const names = data?.agents.map((agent) => agent.name) ?? builtIn;
  return ["shell", ...names.filter((name) => name !== "shell")];
}
