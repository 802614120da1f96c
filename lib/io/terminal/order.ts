import { err, ok, type Result } from "../../core/result";
import { socketFor } from "./place";

/** Whether this runtime can hold terminals: Bun on a POSIX system can, Node can't. */
export const canHoldTerminals = process.versions.bun !== undefined && process.platform !== "win32";

/** Whether terminals can be held here, and the argv that starts seqctl again to hold one. */
export interface Terminals {
  possible: boolean;
  program: readonly string[];
}

/** How a command is started on a terminal: the argv that holds it, and the socket where it is reached. */
export function throughTerminal(
  { possible, program }: Terminals,
  root: string,
  attempt: string,
  command: readonly string[],
): Result<{ argv: string[]; socket: string }> {
  if (!possible) {
    const problem = "tty: true needs Bun on Linux or macOS, and this engine runs on something else";
    return err({ code: "input.invalid", problem, hint: "leave THREADOS_RUNTIME unset, or install Bun" });
  }
  const socket = socketFor(root, attempt);
  if (!socket.ok) return socket;
  return ok({ argv: [...program, "exec-step", socket.value, "--", ...command], socket: socket.value });
}
