const codes = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
  gray: 90,
} as const;

/** A colour or weight of the terminal's own palette. */
export type Tone = keyof typeof codes;

/** Colours text, or leaves it alone where nobody would see the colour. */
export type Paint = (tone: Tone | undefined, text: string) => string;

/** Colour is for terminals; NO_COLOR and TERM=dumb turn it off, FORCE_COLOR on. */
export function painter(isTerminal: boolean, env: Record<string, string | undefined>): Paint {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0";
  const on = forced || (isTerminal && !env.NO_COLOR && env.TERM !== "dumb");
  return (tone, text) => (on && tone ? `\u001b[${codes[tone]}m${text}\u001b[0m` : text);
}

const looks: Record<string, { glyph: string; tone: Tone }> = {
  BLOCKED: { glyph: "◌", tone: "gray" },
  READY: { glyph: "○", tone: "cyan" },
  QUEUED: { glyph: "◔", tone: "cyan" },
  RUNNING: { glyph: "▶", tone: "blue" },
  STOPPING: { glyph: "◧", tone: "yellow" },
  RETRYING: { glyph: "↻", tone: "yellow" },
  NEEDS_REVIEW: { glyph: "◆", tone: "magenta" },
  DONE: { glyph: "✓", tone: "green" },
  FAILED: { glyph: "✗", tone: "red" },
  UNKNOWN: { glyph: "?", tone: "yellow" },
  STOPPED: { glyph: "■", tone: "gray" },
  SKIPPED: { glyph: "⤳", tone: "gray" },
  CANCELED: { glyph: "⊘", tone: "gray" },
  PENDING: { glyph: "◇", tone: "magenta" },
  APPROVED: { glyph: "◆", tone: "green" },
};

/** Glyph and colour of a status; each its own, so that neither alone carries the meaning. */
export function lookOf(status: string, kind: "step" | "gate"): { glyph: string; tone: Tone } {
  if (kind === "gate" && status === "BLOCKED") return { glyph: "◈", tone: "red" };
  return looks[status] ?? { glyph: "?", tone: "gray" };
}

/** How many terminal cells a text takes; wide characters take two, combining ones none. */
export function cells(text: string): number {
  if (typeof Bun !== "undefined") return Bun.stringWidth(text);
  return [...text].length;
}

/** Fills a text up with spaces to a width. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - cells(text)));
}

/** Cuts a text to a width, with an ellipsis. */
export function cut(text: string, width: number): string {
  if (cells(text) <= width) return text;
  let short = "";
  for (const char of text) {
    if (cells(short + char) > width - 1) break;
    short += char;
  }
  return `${short}…`;
}

/** A long number as people read it: 208,894. */
export const grouped = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

// Colour sequences; then control, zero-width and direction characters, which could rewrite what a person reads.
// biome-ignore lint/complexity/useRegexLiterals: a literal with control characters is refused by another rule
const suspicious = new RegExp(
  "\\u001b\\[[0-9;]*m|[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069]",
  "g",
);

/** Makes text from elsewhere safe for a terminal: such characters are shown as codes, colours may stay. */
export function safeForTerminal(text: string, keepColour: boolean): string {
  return text.replace(suspicious, (found) => {
    if (found.length > 1) return keepColour ? found : "";
    return `\\x${(found.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`;
  });
}

/** Text from elsewhere without any colours of its own. */
export const safe = (text: string) => safeForTerminal(text, false);

/** What a step printed: as it is for a program, harmless for a terminal. */
export function forReader({ outIsTerminal }: { outIsTerminal: boolean }, text: string): string {
  return outIsTerminal ? safeForTerminal(text, true) : text;
}
