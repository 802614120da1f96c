import { type CSSProperties, memo } from "react";
import type { MarkedPiece, Style } from "./ansi";

/** Output of a program as text with its colours, but for what was looked for; nothing in it can be anything but text. */
export const TerminalText = memo(function TerminalText({ pieces }: { pieces: readonly MarkedPiece[] }) {
  return pieces.map((piece, index) =>
    piece.match ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces are the text itself, their place is their identity
      <mark key={index} data-current={piece.match === "current"}>
        {piece.text}
      </mark>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the same
      <span key={index} style={cssOf(piece.style)}>
        {piece.text}
      </span>
    ),
  );
});

function cssOf(style: Style): CSSProperties | undefined {
  if (Object.keys(style).length === 0) return undefined;
  const color = style.inverse ? (style.ground ?? undefined) : style.color;
  const ground = style.inverse ? (style.color ?? 7) : style.ground;
  return {
    ...(color !== undefined || style.dim ? { color: color === undefined ? "var(--faint)" : ink(color) } : {}),
    ...(ground !== undefined ? { background: tint(ground) } : {}),
    ...(style.bold ? { fontWeight: 700 } : {}),
    ...(style.italic ? { fontStyle: "italic" } : {}),
    ...(style.underline ? { textDecoration: "underline" } : {}),
  };
}

/** The bright half of the palette is the same as the normal one: both are chosen to be readable here. */
const named = (color: number) => `var(--ansi-${color === 8 ? 8 : color % 8})`;

/** Free colours were chosen for some other background, so the text colour is mixed in to keep them readable. */
const ink = (color: number | string) =>
  typeof color === "number" ? named(color) : `color-mix(in oklab, ${color} 55%, var(--ink))`;
const tint = (color: number | string) =>
  `color-mix(in srgb, ${typeof color === "number" ? named(color) : color} 18%, transparent)`;
