import type { TryDoc } from "../../lib/core/views/run";

const words: Record<string, string> = {
  stopped: "stopped",
  timeout: "ran too long",
  idle_timeout: "printed nothing for too long",
  restart: "restarted",
  group_failed: "stopped with its group",
  boss_failed: "stopped with its owner",
  watched_ended: "what it watched had ended",
  refused: "could not be started",
  lost: "lost",
};

/** How an attempt came to its end, with its exit code where that says something. */
export function sayEnd({ end, exit_code }: Pick<TryDoc, "end" | "exit_code">): string {
  if (end === null) return "under way";
  const code = exit_code === null ? "" : `exit ${exit_code}`;
  if (end === "exit") return code;
  const word = words[end] ?? end;
  return code === "" ? word : `${word} (${code})`;
}
