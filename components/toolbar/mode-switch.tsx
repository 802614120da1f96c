"use client";

import { useDoing } from "../state/doing";
import { sayMode } from "./mode-words";

/** Says which mode is in force, and switches to the other. */
export function ModeSwitch({ mode }: { mode: string }) {
  const { act } = useDoing();
  const other = mode === "POWER" ? "SAFE" : "POWER";
  return (
    <button
      type="button"
      aria-label={`${mode} mode, switch to ${other}`}
      className="chip chip-button"
      title={`${sayMode(mode)}. Click to switch to ${other}.`}
      data-mode={mode}
      onClick={() => void act({ action: "policy.mode", input: { mode: other } })}
    >
      {mode}
    </button>
  );
}
