/** Keys of a step that can't stand beside `sequence`: the steps of that file say them themselves. */
export const notBesideSequence = [
  ...(["command", "prompt", "model", "tty", "loop", "outputs", "retry", "resume", "timeout_ms"] as const),
  ...(["idle_timeout_ms", "idempotent", "isolation", "fusion_synth", "watchdog_for"] as const),
];

/** Keys that are cleared where another one is filled in, since what a step runs is said in one way only. */
export function clearedBy(key: string): readonly string[] {
  if (key === "sequence") return notBesideSequence;
  return ["command", "model", "prompt"].includes(key) ? ["sequence", "with"] : [];
}

const path = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*\/)*[A-Za-z0-9][A-Za-z0-9._-]*\.ya?ml$/;

/** Whether a text can name the file of a sub-sequence: one below `.threados`. */
export const isSubPath = (text: string): boolean => path.test(text);
