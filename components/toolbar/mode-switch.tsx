"use client";

import { useDoing } from "../state/doing";

const modes: Record<string, string> = {
  SAFE: "SAFE mode: running and applying proposals ask once, removing things asks twice; a step that you add yourself while a run of everything is under way starts without asking",
  POWER: "POWER mode: only what can't be undone or goes through a shell asks",
};

/** Says which mode is in force, and switches to the other. */
export function ModeSwitch({ mode }: { mode: string }) {
  const { act } = useDoing();
  const other = mode === "POWER" ? "SAFE" : "POWER";
  return (
    <button
      type="button"
      role="switch"
      aria-checked={mode === "POWER"}
      aria-label={`${mode} mode`}
      className="chip chip-button"
      title={`${modes[mode] ?? mode}. Click to switch to ${other}.`}
      data-mode={mode}
      onClick={() => void act({ action: "policy.mode", input: { mode: other } })}
    >
      {mode}
    </button>
  );
}
