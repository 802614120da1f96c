/** What a person is asked about in POWER mode, as the subject of a sentence. */
export const powerAsks =
  "only what removes or destroys something, loosens the rules, passes a gate, or goes through a shell";

const modes: Record<string, string> = {
  SAFE: "SAFE mode: running and applying proposals ask once, removing things asks twice; a step that you add yourself while a run of everything is under way starts without asking",
  POWER: `POWER mode: ${powerAsks} is asked about`,
};

/** What a mode means, for whoever points at it. */
export const sayMode = (mode: string) => modes[mode] ?? mode;
