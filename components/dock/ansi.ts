import { controls, escapes, settleReturns } from "../../lib/core/terminal-text";

/** How a piece of terminal output looks. Colours are palette numbers or `#rrggbb`. */
export interface Style {
  color?: number | string;
  ground?: number | string;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  inverse?: boolean;
}

/** A run of text in one style. */
export interface Piece {
  text: string;
  style: Style;
}

/** Lines of terminal output as styled text: colours (SGR) hold until they are changed, over the ends of lines too; every other escape is taken out, nothing is acted upon. */
export function readLines(text: string): Piece[][] {
  let style: Style = {};
  return text.split("\n").map((line) => {
    const { pieces, style: last } = readStyled(line, style);
    style = last;
    return pieces;
  });
}

function readStyled(raw: string, before: Style): { pieces: Piece[]; style: Style } {
  const pieces: Piece[] = [];
  let style = before;
  let at = 0;
  const add = (text: string) => {
    const plain = text.replace(controls, "");
    const last = pieces.at(-1);
    if (plain === "") return;
    if (last && last.style === style) last.text += plain;
    else pieces.push({ text: plain, style });
  };
  const text = settleReturns(raw);
  for (const match of text.matchAll(escapes)) {
    add(text.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[2] === "m") style = restyle(style, match[1] ?? "");
  }
  add(text.slice(at));
  return { pieces, style };
}

function restyle(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map((code) => (code === "" ? 0 : Number(code)));
  const next = { ...style };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 38 || code === 48) {
      const { color, used } = extended(codes, i + 1);
      if (color !== undefined) next[code === 38 ? "color" : "ground"] = color;
      i += used;
    } else apply(next, code);
  }
  return Object.keys(next).length === 0 ? {} : next;
}

function apply(style: Style, code: number): void {
  if (code === 0) for (const key of Object.keys(style)) delete style[key as keyof Style];
  else if (code === 1) style.bold = true;
  else if (code === 2) style.dim = true;
  else if (code === 3) style.italic = true;
  else if (code === 4) style.underline = true;
  else if (code === 7) style.inverse = true;
  else if (code === 22) {
    delete style.bold;
    delete style.dim;
  } else if (code === 23) delete style.italic;
  else if (code === 24) delete style.underline;
  else if (code === 27) delete style.inverse;
  else if (code === 39) delete style.color;
  else if (code === 49) delete style.ground;
  else if (code >= 30 && code <= 37) style.color = code - 30;
  else if (code >= 40 && code <= 47) style.ground = code - 40;
  else if (code >= 90 && code <= 97) style.color = code - 82;
  else if (code >= 100 && code <= 107) style.ground = code - 92;
}

/** The colour after 38 or 48: `5;n` of 256, or `2;r;g;b`; and how many numbers it took. */
function extended(codes: number[], at: number): { color?: number | string; used: number } {
  if (codes[at] === 5) {
    const n = codes[at + 1] ?? 0;
    return { color: n < 16 ? n : hex(n < 232 ? cube(n - 16) : grey(n - 232)), used: 2 };
  }
  if (codes[at] === 2) return { color: hex(codes.slice(at + 1, at + 4)), used: 4 };
  return { used: 0 };
}

const levels = [0, 95, 135, 175, 215, 255];
const cube = (n: number) => [
  levels[Math.floor(n / 36) % 6] ?? 0,
  levels[Math.floor(n / 6) % 6] ?? 0,
  levels[n % 6] ?? 0,
];
const grey = (n: number) => Array.from({ length: 3 }, () => 8 + 10 * n);
const hex = (rgb: number[]) => `#${rgb.map((part) => (part & 255).toString(16).padStart(2, "0")).join("")}`;

/** A run of text in one style; `match` says whether it was looked for, and whether it is the one that is looked at. */
export interface MarkedPiece extends Piece {
  match?: "other" | "current";
}

/** Cuts pieces where something that was looked for begins and ends. Ranges ascend; columns count characters. */
export function markMatches(
  pieces: readonly Piece[],
  ranges: readonly { column: number; length: number; isCurrent: boolean }[],
): readonly MarkedPiece[] {
  if (ranges.length === 0) return pieces;
  const cuts = [...new Set(ranges.flatMap(({ column, length }) => [column, column + length]))];
  const marked: MarkedPiece[] = [];
  let at = 0;
  for (const { text, style } of pieces) {
    const end = at + text.length;
    const inside = cuts.filter((cut) => cut > at && cut < end);
    const starts = [at, ...inside];
    for (const [index, start] of starts.entries()) {
      const range = ranges.find(({ column, length }) => start >= column && start < column + length);
      const part = text.slice(start - at, (starts[index + 1] ?? end) - at);
      marked.push({ text: part, style, ...(range ? { match: range.isCurrent ? "current" : "other" } : {}) });
    }
    at = end;
  }
  return marked;
}
