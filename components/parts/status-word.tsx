import type { Standing } from "../state/vocabulary";
import { Glyph } from "./glyph";

/** Glyph and word of a status, in its colour; `why` is told to the pointer that rests on it. */
export function StatusWord({ tone, word, why }: Standing & { why?: string }) {
  return (
    <span
      data-tone={tone}
      title={why}
      className="tone-ink inline-flex items-center gap-1.5 whitespace-nowrap"
    >
      <Glyph tone={tone} />
      <span
        className={
          tone === "skipped" ? "status-word self-baseline line-through" : "status-word self-baseline"
        }
      >
        {word}
      </span>
    </span>
  );
}
