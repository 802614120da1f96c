import { answeredInside, doorVariable } from "../../core/door";
import { err, ok, type Result } from "../../core/result";
import type { EnginePort } from "../../runtime/ports";

/** What a step in a sandbox reaches of its workspace: the engine answers it. */
export interface InsideDoor {
  socket: string;
  token: string;
  step: string;
}

/** The door to a workspace, where this process stands in the sandbox of one of its steps. */
export function insideDoor(root: string, env: NodeJS.ProcessEnv): InsideDoor | undefined {
  const socket = env[doorVariable];
  if (!socket || env.THREADOS_WORKSPACE !== root) return undefined;
  return { socket, token: env.THREADOS_TOKEN ?? "", step: env.THREADOS_STEP_ID ?? "" };
}

/** Whether a question goes through the door. */
export function goesThrough(view: string): boolean {
  return !answeredInside.has(view);
}

/** The engine as it is known in a sandbox: it answers, and that is all that can be seen of it. */
export function engineBeyond(step: string): EnginePort {
  const refused = (): Result<never> => err({ code: "agent.forbidden", action: "engine.stop", step });
  return {
    isAlive: () => true,
    info: () => undefined,
    warm: () => undefined,
    ensure: async () => ok({ pid: 0 }),
    stop: async () => refused(),
  };
}
