import type { Ports } from "./ports";

/** The ports of whoever only looks and holds no lock: nothing is staged for it. */
export function looking(ports: Ports): Ports {
  return { ...ports, worktrees: { ...ports.worktrees, stage: ports.worktrees.look } };
}
